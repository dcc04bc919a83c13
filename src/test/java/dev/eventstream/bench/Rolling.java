package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;
import static dev.eventstream.bench.Programs.start;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.ServiceProcess;
import dev.eventstream.bench.ManyReaders.Totals;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.network.FreePorts;
import dev.eventstream.network.Nginx;
import dev.eventstream.pushpin.PushpinProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three nodes restart one after the other while events are sent. Half of the readers are behind nginx, half behind a Pushpin. Nothing
 * may be lost, and nothing repeated (Pushpin may repeat events; clients drop them by id).
 */
public final class Rolling {
    private static final String CHANNEL = "load";
    private static final int NODES = 3;
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final int readers;
    private final int perSecond;
    private final String bus;
    private final Path directory;
    private final PostgresServer server;
    private final String database;
    private final List<Integer> ports = new ArrayList<>();
    private final List<ServiceProcess> nodes = new ArrayList<>();

    /** The node that gets the events; it is not the one that restarts. */
    private volatile int sendingTo;

    private Rolling(Arguments arguments, PostgresServer server) throws Exception {
        this.readers = arguments.number("--readers", 500);
        this.perSecond = arguments.number("--rate", 100);
        this.bus = arguments.text("--bus", "database");
        this.directory = Files.createTempDirectory("rolling");
        this.server = server;
        this.database = server.freshDatabase();
        IntStream.range(0, NODES).forEach(i -> ports.add(FreePorts.next()));
    }

    /** Ends with status 1 if an event was lost or (not by Pushpin) repeated, or a send failed. */
    public static void main(String[] arguments) throws Exception {
        Arguments options = new Arguments(arguments, "--readers", "--rate", "--bus");
        boolean isRight;
        try (PostgresServer server = PostgresServer.startNew()) {
            isRight = new Rolling(options, server).run();
        }
        System.exit(isRight ? 0 : 1);
    }

    private boolean run() throws Exception {
        print(
                "%d nodes, bus %s; %d readers behind nginx and %d behind Pushpin; %d events/s",
                NODES, bus, readers, readers, perSecond);
        try (PushpinProcess pushpin = PushpinProcess.before(addresses())
                        .withoutMessageLimits()
                        .start();
                PacedSender sender = new PacedSender(CHANNEL, () -> nodes.get(sendingTo), () -> "x".repeat(100))) {
            for (int i = 0; i < NODES; i++) {
                nodes.add(startNode(i, pushpin));
            }
            pushpin.awaitReady("/events?channel=" + CHANNEL);
            try (Nginx nginx = Nginx.before(ports, SILENCE);
                    ManyReaders direct = readers(nginx.port());
                    ManyReaders proxied = readers(pushpin.uri().getPort())) {
                start(direct, "direct");
                start(proxied, "proxied");
                direct.awaitOpen(LONGEST);
                proxied.awaitOpen(LONGEST);
                sender.start(perSecond);
                TimeUnit.SECONDS.sleep(10); // new JVMs are slow
                direct.takeAwayMillis();
                proxied.takeAwayMillis();
                for (int i = 0; i < NODES; i++) {
                    restart(i, pushpin);
                    TimeUnit.SECONDS.sleep(10);
                }
                boolean isEnded = sender.stop(Duration.ofMinutes(1));
                boolean isDirectRight = isRight("behind nginx", direct, sender.newestId())
                        && direct.totals().repeated() == 0;
                boolean isProxiedRight = isRight("behind Pushpin", proxied, sender.newestId());
                print("%d sends failed", sender.failures());
                return isEnded && isDirectRight && isProxiedRight && sender.failures() == 0;
            }
        } finally {
            nodes.forEach(ServiceProcess::close);
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private String addresses() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(" "));
    }

    private ManyReaders readers(int port) throws IOException {
        return new ManyReaders(port, CHANNEL, readers, i -> "/events?channel=" + CHANNEL).likeBrowsers();
    }

    private ServiceProcess startNode(int number, PushpinProcess pushpin) throws Exception {
        String url = server.jdbcUrl(database);
        String settings = bus.equals("postgres")
                ? "{type: postgres, url: \"" + url + "\", user: " + server.user() + ", password: \"\"}"
                : "{type: " + bus + "}";
        Path own = directory.resolve("node-" + number);
        Files.createDirectories(own);
        return ServiceProcess.start(
                own,
                ports.get(number),
                List.of("-Xmx512m"),
                new ServiceProcess.Database("org.postgresql.Driver", url, server.user()),
                "limits: {newStreamsPerSecond: 10000}\nbus: " + settings + '\n' + Programs.behind(pushpin));
    }

    private void restart(int number, PushpinProcess pushpin) throws Exception {
        sendingTo = (number + 1) % NODES;
        double streams = nodes.get(number).metric("gauges", "eventstream.streams.open", "value");
        long start = System.nanoTime();
        nodes.get(number).close();
        double stopped = (System.nanoTime() - start) / 1e9;
        nodes.set(number, startNode(number, pushpin));
        print(
                "node %d had %.0f streams, stopped in %.1f s, and answered again after %.1f s",
                number + 1, streams, stopped, (System.nanoTime() - start) / 1e9);
        Figures.printLowerIsBetter("rolling, stop of node " + (number + 1), stopped, "s");
    }

    private boolean isRight(String name, ManyReaders all, String newest) throws InterruptedException {
        boolean isEnded = all.awaitEvent(newest, LONGEST);
        Totals totals = all.totals();
        List<Long> away = all.takeAwayMillis();
        print(
                "%s: %s; %d events received, lost %d, repeated %d, named by resets %d; %d streams were left because of their silence",
                name,
                isEnded ? "all readers have the last event" : "NOT all readers have the last event",
                totals.received(),
                totals.lost(),
                totals.repeated(),
                totals.named(),
                totals.silences());
        print(
                "%s: %d absences%s",
                name,
                away.size(),
                away.isEmpty()
                        ? ""
                        : ", p50=" + away.get(away.size() / 2) + " p99=" + away.get((away.size() - 1) * 99 / 100)
                                + " max=" + away.get(away.size() - 1) + " ms");
        return isEnded && totals.lost() == 0 && totals.named() == 0;
    }
}
