package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.RawHttp;
import dev.eventstream.ServiceProcess;
import dev.eventstream.TestServer;
import dev.eventstream.bus.BusServer;
import dev.eventstream.database.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/**
 * Measures readers on three nodes: how long it takes until every node counts them, until the other nodes no longer count those of a
 * killed node, and until they count those readers again on the nodes to which they come back.
 */
public final class PresenceCounts {
    private static final String CHANNEL = "room";
    private static final int NODES = 3;
    private static final int AT_ONCE = 500;
    private static final long LONGEST_SECONDS = 120;

    private final int readers;
    private final String type;
    private final Path directory;
    private final PostgresServer server;
    private final String database;
    private final List<ServiceProcess> nodes = new ArrayList<>();
    private final List<Readers> open = new ArrayList<>();

    private PresenceCounts(Arguments arguments, PostgresServer server) throws Exception {
        this.readers = arguments.number("--readers", 10_000);
        this.type = arguments.text("--bus", "redis");
        this.directory = Files.createTempDirectory("presence");
        this.server = server;
        this.database = server.freshDatabase();
    }

    /** Ends with status 1 if the counts were not right within two minutes. */
    public static void main(String[] arguments) throws Exception {
        Arguments options = new Arguments(arguments, "--readers", "--bus");
        boolean isRight;
        try (PostgresServer server = PostgresServer.startNew()) {
            isRight = new PresenceCounts(options, server).run();
        }
        System.exit(isRight ? 0 : 1);
    }

    private boolean run() throws Exception {
        print("%d readers on %d nodes, bus %s", readers, NODES, type);
        try (Bus bus = new Bus()) {
            for (int i = 0; i < NODES; i++) {
                nodes.add(start(i, bus.yaml()));
            }
            return measure();
        } finally {
            open.forEach(Readers::stop);
            nodes.forEach(ServiceProcess::close);
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    /** The server of the bus, unless that is the database. */
    private final class Bus implements AutoCloseable {
        private final List<BusServer> servers = new ArrayList<>();

        Bus() throws Exception {
            if (type.equals("redis") || type.equals("nats")) {
                BusServer started = BusServer.of(type);
                servers.add(started);
                started.start();
            }
        }

        String yaml() {
            if (!servers.isEmpty()) {
                return servers.get(0).yaml(servers.get(0).port());
            }
            return type.equals("postgres")
                    ? "{type: postgres, url: \"" + server.jdbcUrl(database) + "\", user: " + server.user()
                            + ", password: \"\"}"
                    : "{type: " + type + "}";
        }

        @Override
        public void close() {
            servers.forEach(BusServer::close);
        }
    }

    private ServiceProcess start(int number, String bus) throws Exception {
        Path own = Files.createDirectories(directory.resolve("node-" + number));
        return ServiceProcess.start(
                own,
                List.of("-Xmx512m"),
                new ServiceProcess.Database("org.postgresql.Driver", server.jdbcUrl(database), server.user()),
                "limits: {newStreamsPerSecond: 10000, streams: " + 2 * readers + "}\nbus: " + bus
                        + "\npresence: {channels: [" + CHANNEL + "]}");
    }

    private boolean measure() throws Exception {
        int each = readers / NODES;
        awaitAll("no readers", 0, nodes);
        double sentBefore = sent();
        for (int i = 0; i < NODES; i++) {
            connect(i, i * each, each);
        }
        boolean isRight = awaitAll("all readers, after the last stream was opened", NODES * each, nodes);
        TimeUnit.SECONDS.sleep(5);
        print("messages on the bus so far, of all nodes: %.0f", sent() - sentBefore);
        List<ServiceProcess> left = nodes.subList(0, NODES - 1);
        nodes.get(NODES - 1).kill();
        isRight &= awaitAll("the readers of two nodes, after the third was killed", (NODES - 1) * each, left);
        connect(0, (NODES - 1) * each, each);
        isRight &=
                awaitAll("all readers, after those of the third have opened streams on the first", NODES * each, left);
        print("the log has %d events", events());
        return isRight && events() == 0;
    }

    /** Opens the streams of some users a few at a time: a new JVM is slow, and refuses requests that wait for too long. */
    private void connect(int node, int first, int count) throws Exception {
        double before = open(node);
        for (int done = 0; done < count; done += AT_ONCE) {
            int from = first + done;
            int more = Math.min(AT_ONCE, count - done);
            Readers connected = new Readers(
                    nodes.get(node).port(),
                    CHANNEL,
                    more,
                    i -> "Authorization: " + TestServer.basic("user-" + (from + i)) + "\r\n");
            open.add(connected);
            Programs.start(connected, "readers");
            while (open(node) < before + done + more) {
                if (connected.ended() > 0) {
                    throw new IllegalStateException("a node refused " + connected.ended() + " streams");
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private double open(int node) throws Exception {
        return nodes.get(node).metric("gauges", "eventstream.streams.open", "value");
    }

    private double sent() throws Exception {
        double sum = 0;
        for (ServiceProcess node : nodes) {
            sum += node.metric("meters", "eventstream.bus.sent", "count");
        }
        return sum;
    }

    private long events() {
        return Jdbi.create(server.jdbcUrl(database), server.user(), "")
                .withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM eventstream_event")
                        .mapTo(Long.class)
                        .one());
    }

    private static boolean awaitAll(String what, int expected, List<ServiceProcess> asked) throws Exception {
        long start = System.nanoTime();
        for (ServiceProcess node : asked) {
            int found = -1;
            while (found != expected) {
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)) {
                    print("%s: a node still counts %d instead of %d", what, found, expected);
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(20);
                found = count(node.port());
            }
        }
        Figures.printLowerIsBetter(what, (System.nanoTime() - start) / 1e9, "s");
        return true;
    }

    /** The readers that a node counts; -1 if it does not answer or their names do not match. */
    private static int count(int port) {
        try {
            JsonNode answer = new ObjectMapper()
                    .readTree(RawHttp.get(
                                    port,
                                    "/events/presence?channel=" + CHANNEL,
                                    "Authorization: " + TestServer.basic("host-of-the-bench"))
                            .body());
            int found = answer.path("readers").asInt(-1);
            return answer.path("users").size() == Math.min(found, 10_000) ? found : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
