package dev.eventstream.benchmarks.question.log;

import dev.eventstream.EventStream;
import dev.eventstream.benchmarks.database.LogDatabase;
import dev.eventstream.benchmarks.database.Relay;
import dev.eventstream.benchmarks.embedded.EmbeddedService;
import dev.eventstream.benchmarks.question.Question;
import dev.eventstream.benchmarks.question.Run;
import dev.eventstream.benchmarks.result.Target;
import dev.eventstream.event.NewEvent;
import io.dropwizard.db.ManagedDataSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/** How often a send waits for the network. */
public final class RoundTrips implements Question {
    private static final String WITHIN = "send in the application's transaction";
    private static final String MANY_WITHIN = "sendAll(100) in the application's transaction";

    @Override
    public String name() {
        return "round-trips";
    }

    @Override
    public String asks() {
        return "How many round trips to the database does a send take?";
    }

    @Override
    public List<String> references() {
        return List.of();
    }

    @Override
    public List<Target> targets() {
        return List.of(
                Target.atMost(2, Senders.ours("PostgreSQL"), WITHIN),
                Target.atMost(2, Senders.ours("MariaDB"), WITHIN),
                Target.atMost(2, Senders.ours("PostgreSQL"), MANY_WITHIN),
                Target.atMost(2, Senders.ours("MariaDB"), MANY_WITHIN));
    }

    @Override
    public void run(Run run) throws Exception {
        for (String name : LogDatabase.SERVERS) {
            try (LogDatabase database = LogDatabase.start(name, run.newDirectory(name));
                    Relay bundle = new Relay(database.port().orElseThrow());
                    Relay application = new Relay(database.port().orElseThrow());
                    EmbeddedService service = EmbeddedService.start(
                            run.newDirectory("service"),
                            database,
                            database.url(bundle),
                            Map.of("pollInterval", "1m"))) {
                run.version(Senders.ours(database.title()), database.version());
                ManagedDataSource pool = database.pool(database.url(application), 2);
                try {
                    new OnOneDatabase(run, Senders.ours(database.title()), service.eventStream(), Jdbi.create(pool))
                            .count(bundle, application);
                } finally {
                    pool.stop();
                }
            }
        }
    }

    private record OnOneDatabase(Run run, String subject, EventStream events, Jdbi jdbi) {
        void count(Relay bundle, Relay application) throws Exception {
            record("send", () -> inOwn(bundle, List.of(event(0))));
            record("sendAll(100) to one channel", () -> inOwn(bundle, many(1)));
            record("sendAll(100) to 100 channels", () -> inOwn(bundle, many(100)));
            countWithin(bundle, application, WITHIN, List.of(event(0)));
            countWithin(bundle, application, MANY_WITHIN, many(1));
            countWithin(
                    bundle, application, "sendAll(100) to 100 channels in the application's transaction", many(100));
        }

        private void countWithin(Relay bundle, Relay application, String metric, List<NewEvent> toSend)
                throws Exception {
            record(metric, () -> within(application, toSend));
            record(metric + ", after its commit", () -> afterCommit(bundle, toSend));
        }

        /** Those of another thread of the bundle, which reads the events back to announce them. */
        private long afterCommit(Relay relay, List<NewEvent> toSend) throws InterruptedException {
            awaitQuiet(relay);
            long[] counts = new long[run.count(7, 1)];
            for (int i = 0; i < counts.length; i++) {
                long before = relay.roundTrips();
                jdbi.useTransaction(handle -> events.in(handle).sendAll(toSend));
                counts[i] = awaitQuiet(relay) - before;
            }
            return median(counts);
        }

        private static long awaitQuiet(Relay relay) throws InterruptedException {
            long before;
            long now = relay.roundTrips();
            do {
                before = now;
                TimeUnit.MILLISECONDS.sleep(200);
                now = relay.roundTrips();
            } while (now != before);
            return now;
        }

        private void record(String metric, Callable<Long> count) throws Exception {
            run.record(subject, metric, "round trips", 1, count.call());
        }

        /** The round trips of a send and its transaction. It takes the median, because the relay also counts polls of the service. */
        private long inOwn(Relay relay, List<NewEvent> toSend) {
            long[] counts = new long[run.count(21, 5)];
            for (int i = 0; i < counts.length; i++) {
                long before = relay.roundTrips();
                events.sendAll(toSend);
                counts[i] = relay.roundTrips() - before;
            }
            return median(counts);
        }

        /** The round trips of the send alone: the transaction has already begun, and ends afterwards. */
        private long within(Relay relay, List<NewEvent> toSend) {
            long[] counts = new long[run.count(21, 5)];
            for (int i = 0; i < counts.length; i++) {
                int number = i;
                jdbi.useTransaction(handle -> {
                    handle.execute("UPDATE eventstream_lease SET due_at = due_at WHERE name = 'no such task'");
                    long before = relay.roundTrips();
                    events.in(handle).sendAll(toSend);
                    counts[number] = relay.roundTrips() - before;
                });
            }
            return median(counts);
        }

        private static long median(long[] counts) {
            Arrays.sort(counts);
            return counts[counts.length / 2];
        }

        private static List<NewEvent> many(int channels) {
            return IntStream.range(0, 100).mapToObj(i -> event(i % channels)).toList();
        }

        private static NewEvent event(int channel) {
            return NewEvent.text(SendLoad.channel(channel), "message", "x".repeat(100));
        }
    }
}
