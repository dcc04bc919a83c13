package dev.eventstream.torture;

import com.google.common.base.Splitter;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.bench.Arguments;
import dev.eventstream.bench.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures how long a revocation takes: the time from {@code channelPermissionChanged} on one node until the last of many readers is
 * disconnected. The readers are spread over all nodes, and over the Pushpin if there is one. Run it with {@code ./bench kick}.
 */
public final class Kick {
    private static final String CHANNEL = "c0";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String bus;
    private final int readers;
    private final int rounds;
    private final Cluster cluster;

    private Kick(String bus, Arguments arguments, Cluster cluster) {
        this.bus = bus;
        this.readers = arguments.number("--readers", 900);
        this.rounds = arguments.number("--rounds", 5);
        this.cluster = cluster;
    }

    /** Arguments: {@code --bus NAME,… --nodes N --readers N --rounds N --pushpin N --database NAME}, all with defaults. */
    public static void main(String[] arguments) throws Exception {
        Arguments options =
                new Arguments(arguments, "--bus", "--nodes", "--readers", "--rounds", "--pushpin", "--database");
        for (String bus : Splitter.on(',').split(options.text("--bus", "database,postgres,redis,nats"))) {
            Path directory = Files.createTempDirectory("kick");
            Options run = Options.parse(new String[] {
                "--bus", bus,
                "--nodes", options.text("--nodes", "3"),
                "--pushpin", options.text("--pushpin", "0"),
                "--database", options.text("--database", "postgresql"),
                "--trace", directory.toString()
            });
            try (Cluster cluster = new Cluster(run)) {
                new Kick(bus, options, cluster).run();
            } finally {
                MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        }
        System.exit(0);
    }

    private void run() throws Exception {
        awaitBus();
        List<Double> last = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            List<Double> millis = round("kicked-" + round);
            print(
                    "round %d: %d of %d readers disconnected, first=%.1f p50=%.1f last=%.1f ms%s",
                    round,
                    millis.size(),
                    readers,
                    millis.get(0),
                    millis.get(millis.size() / 2),
                    millis.get(millis.size() - 1),
                    round == 0 ? " (warm-up, not counted)" : "");
            if (round > 0) {
                last.add(millis.get(millis.size() - 1));
            }
        }
        double median = last.stream().sorted().toList().get(last.size() / 2);
        print("median of the last reader's time: %.1f ms", median);
        Figures.printLowerIsBetter("bus " + bus + ", kick of " + readers + " readers", median, "ms");
    }

    private void awaitBus() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Node node : cluster.nodes()) {
            String trouble = node.busTrouble();
            while (!trouble.isEmpty()) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException(node.name() + " cannot use the bus: " + trouble);
                }
                trouble = node.busTrouble();
            }
        }
    }

    /** The milliseconds after which each reader was disconnected, sorted. */
    private List<Double> round(String user) throws Exception {
        cluster.writeRevoked(List.of());
        try (KickedReaders all = new KickedReaders(ports(), readers, CHANNEL, user, PATIENCE)) {
            cluster.writeRevoked(List.of(user + ' ' + CHANNEL));
            long start = System.nanoTime();
            boolean isTold = cluster.nodes()
                    .get(0)
                    .tell("/torture/permission-changed?user=" + user + "&channel=" + CHANNEL, PATIENCE);
            if (!isTold) {
                throw new IllegalStateException("a node does not accept the change");
            }
            return all.awaitEnds(PATIENCE).stream()
                    .map(ended -> (ended - start) / 1e6)
                    .sorted()
                    .toList();
        }
    }

    private List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        cluster.nodes().forEach(node -> ports.add(node.port()));
        cluster.pushpins().forEach(pushpin -> ports.add(pushpin.uri().getPort()));
        return ports;
    }

    private void print(String format, Object... values) {
        System.out.println("bus " + bus + ": " + String.format(Locale.ROOT, format, values));
    }
}
