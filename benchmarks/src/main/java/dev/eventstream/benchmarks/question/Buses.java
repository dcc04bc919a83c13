package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.database.LogDatabase;
import dev.eventstream.benchmarks.load.PublishRequest;
import dev.eventstream.benchmarks.load.Publishers;
import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Server;
import dev.eventstream.benchmarks.result.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/** Events between three nodes, by each bus. */
public final class Buses implements Question {
    private static final int PER_SECOND = 2_000;
    private static final int CHANNELS = 20;
    private static final int CONNECTIONS = 64;
    private static final int DATA = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String MORE_P50 = "other nodes after the same node, p50";
    private static final String MORE_P99 = "other nodes after the same node, p99";

    @Override
    public String name() {
        return "buses";
    }

    @Override
    public String asks() {
        return "2,000 events/s are sent on one of three nodes: how late do they reach readers of the others, and how many can be sent at most?";
    }

    @Override
    public List<String> references() {
        return List.of(subject("database"));
    }

    @Override
    public List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (String bus : List.of("postgres", "redis", "nats")) {
            targets.add(Target.atMost(3, subject(bus), MORE_P50));
            targets.add(Target.atMost(10, subject(bus), MORE_P99));
        }
        return targets;
    }

    @Override
    public List<String> plotted() {
        return List.of("p50", "p99", "accepted");
    }

    private static String subject(String bus) {
        return "ours, bus " + bus;
    }

    @Override
    public void run(Run run) throws Exception {
        try (LogDatabase database = LogDatabase.start("postgresql", run.newDirectory("postgresql"))) {
            List<String> buses = run.isSmoke() ? List.of("redis") : List.of("database", "postgres", "redis", "nats");
            run.alternate(buses.stream()
                    .map(bus -> new Subject(subject(bus), round -> measure(run, round, database, bus)))
                    .toList());
        }
    }

    private static void measure(Run run, Subject.Round round, LogDatabase database, String bus) throws Exception {
        try (Cluster cluster = Cluster.start(run, database, bus, bus + '_' + round.number())) {
            List<StreamReaders> readers = new ArrayList<>();
            try {
                for (Server node : cluster.nodes()) {
                    readers.add(StreamReaders.open(node.port(), heads(node), true));
                }
                measureDelay(run, round, cluster.nodes(), readers);
                measureMost(run, round, cluster.nodes(), readers);
            } finally {
                for (StreamReaders open : readers) {
                    open.close();
                }
            }
        }
    }

    private static List<String> heads(Server node) {
        return Load.channels(CHANNELS).stream().map(node::streamHead).toList();
    }

    private static LongFunction<PublishRequest> requests(Server node) {
        List<PublishRequest> requests = Load.channels(CHANNELS).stream()
                .map(channel -> node.publishRequest(channel, DATA))
                .toList();
        return number -> requests.get((int) (number % CHANNELS));
    }

    private static void measureDelay(Run run, Subject.Round round, List<Server> nodes, List<StreamReaders> readers)
            throws Exception {
        Server sender = nodes.get(0);
        long[] before = events(readers);
        try (Publishers posting =
                Publishers.atRate(sender.publishPort(), CONNECTIONS, requests(sender), run.count(PER_SECOND, 100))) {
            TimeUnit.NANOSECONDS.sleep(run.seconds(Load.COLD_SECONDS).toNanos());
            readers.forEach(StreamReaders::takeDelays);
            double cpu = cpuSeconds(nodes);
            TimeUnit.NANOSECONDS.sleep(run.seconds(30).toNanos());
            round.record(
                    "CPU of all nodes",
                    "cores",
                    (cpuSeconds(nodes) - cpu) / run.seconds(30).toSeconds());
            Histogram same = readers.get(0).takeDelays();
            Histogram others = readers.get(1).takeDelays();
            others.add(readers.get(2).takeDelays());
            for (double percentile : new double[] {50, 99}) {
                String suffix = String.format(Locale.ROOT, ", p%.0f", percentile);
                double ofSame = same.getValueAtPercentile(percentile) / 1e6;
                double ofOthers = others.getValueAtPercentile(percentile) / 1e6;
                round.record("same node" + suffix, "ms", ofSame);
                round.record("other nodes" + suffix, "ms", ofOthers);
                round.record("other nodes after the same node" + suffix, "ms", ofOthers - ofSame);
            }
            recordLost(round, "at that rate", posting.stop(PATIENCE), before, readers);
        }
    }

    private static void measureMost(Run run, Subject.Round round, List<Server> nodes, List<StreamReaders> readers)
            throws Exception {
        Server sender = nodes.get(0);
        long[] before = events(readers);
        Duration length = run.seconds(20);
        try (Publishers posting =
                Publishers.flatOut(sender.publishPort(), CONNECTIONS, requests(sender), Long.MAX_VALUE)) {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
            long[] after = events(readers);
            round.record("flat out, accepted", "events/s", posting.accepted() / (double) length.toSeconds());
            round.record(
                    "flat out, delivered on each of the other nodes",
                    "events/s",
                    (after[1] - before[1] + after[2] - before[2]) / 2.0 / length.toSeconds());
            recordLost(round, "flat out", posting.stop(PATIENCE), before, readers);
        }
    }

    /** The share of lost deliveries: each node should deliver each event once, because each channel has one reader on each node. */
    private static void recordLost(
            Subject.Round round, String when, long accepted, long[] before, List<StreamReaders> readers)
            throws InterruptedException {
        long arrived = 0;
        for (int i = 0; i < readers.size(); i++) {
            readers.get(i).awaitEvents(before[i] + accepted, PATIENCE);
            arrived += readers.get(i).events() - before[i];
        }
        round.record("lost " + when, "%", Load.lostPercent(accepted * readers.size(), arrived));
    }

    private static long[] events(List<StreamReaders> readers) {
        return readers.stream().mapToLong(StreamReaders::events).toArray();
    }

    private static double cpuSeconds(List<Server> nodes) {
        return nodes.stream().mapToDouble(node -> node.usage().cpuSeconds()).sum();
    }
}
