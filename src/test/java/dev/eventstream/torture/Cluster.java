package dev.eventstream.torture;

import dev.eventstream.network.FaultProxy;
import dev.eventstream.network.FreePorts;
import dev.eventstream.pushpin.PushpinProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The database, the nodes, and the proxies between and around them. Thread-safe once constructed.
 */
final class Cluster implements AutoCloseable {
    /** How far the clocks of the first, second and third node are ahead, and so on. */
    private static final List<Duration> CLOCKS = List.of(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(-2));

    private final Path directory;
    private final Database database;
    private final List<Node> nodes = new ArrayList<>();

    /** Proxies between a node and the database. */
    private final List<FaultProxy> links = new ArrayList<>();

    private final BusLinks bus;

    /** Proxies in front of a node's port. */
    private final List<FaultProxy> fronts = new ArrayList<>();

    private final List<PushpinProcess> pushpins = new ArrayList<>();

    /** Proxies in front of a Pushpin's control port. */
    private final List<FaultProxy> controls = new ArrayList<>();

    /** Proxies in front of a Pushpin's port for clients. */
    private final List<FaultProxy> doors = new ArrayList<>();

    Cluster(Options options) throws Exception {
        this.directory = options.directory();
        Files.createDirectories(directory);
        writeRevoked(List.of());
        PatchedClasses.write(directory.resolve("patched"), options.bug());
        this.bus = BusLinks.open(options.bus(), options.nodes());
        try {
            this.database = open(options);
        } catch (Exception | Error e) {
            bus.close();
            throw e;
        }
        try {
            start(options);
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private static Database open(Options options) throws Exception {
        return switch (options.database()) {
            case "h2" -> new H2Database(Files.createTempDirectory(options.directory(), "h2-"));
            case "postgresql" -> ServerDatabase.postgresql();
            case "mariadb" -> ServerDatabase.mariaDb();
            default ->
                throw new IllegalArgumentException(
                        "--database " + options.database() + " is unknown; allowed are h2, postgresql and mariadb");
        };
    }

    private void start(Options options) throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < options.nodes(); i++) {
            ports.add(FreePorts.next());
            fronts.add(new FaultProxy("node-" + i, ports.get(i)));
            links.add(new FaultProxy("database-" + i, database.port()));
        }
        for (int i = 0; i < options.pushpins(); i++) {
            startPushpin(i);
        }
        migrate();
        for (int i = 0; i < options.nodes(); i++) {
            nodes.add(new Node(
                    "n" + i,
                    directory,
                    ports.get(i),
                    CLOCKS.get(i % CLOCKS.size()),
                    yaml(links.get(i).port(), bus.yaml(i)),
                    options.bug()));
        }
        nodes.forEach(Node::awaitAnswer);
        pushpins.forEach(pushpin -> pushpin.awaitReady("/events?channel=c0"));
    }

    /** A Pushpin that goes to the next node if the first does not answer; each Pushpin has a different first node. */
    private void startPushpin(int number) throws IOException {
        List<String> origins = new ArrayList<>();
        fronts.forEach(front -> origins.add("127.0.0.1:" + front.port()));
        Collections.rotate(origins, number);
        PushpinProcess pushpin = PushpinProcess.before(String.join(" ", origins))
                .withoutMessageLimits()
                .start();
        pushpins.add(pushpin);
        controls.add(new FaultProxy("control-" + number, pushpin.controlUri().getPort()));
        doors.add(new FaultProxy("pushpin-" + number, pushpin.uri().getPort()));
    }

    private void migrate() throws Exception {
        Path file = Files.writeString(
                directory.resolve("migrate.yml"),
                yaml(database.port(), "").replace("${port}", "0").replace("${adminPort}", "0"),
                StandardCharsets.UTF_8);
        new TortureService().run("db", "migrate", file.toString());
    }

    private String yaml(int databasePort, String busLines) {
        return """
                server:
                  applicationConnectors: [{type: http, port: ${port}, bindHost: localhost, acceptQueueSize: 1024}]
                  adminConnectors: [{type: http, port: ${adminPort}, bindHost: localhost}]
                  requestLog: {appenders: []}
                logging:
                  level: INFO
                  loggers: {liquibase: WARN}
                database:
                  driverClass: DRIVER
                  url: "URL"
                  user: "USER"
                  password: "PASSWORD"
                  minSize: 2
                  initialSize: 2
                  maxSize: 16
                  maxWaitForConnection: 5s
                  validationInterval: 1s
                  checkConnectionOnBorrow: true
                eventStream:
                  keepAlive: 2s
                  stallTimeout: 10s
                  retry: {min: 100ms, max: 500ms}
                  retention: {age: 1m}
                  unstored: ["unstored-*"]
                  latest: ["latest-*"]
                  limits: {streamsPerPrincipal: 1000}
                BUS
                GRIP
                revoked: "REVOKED"
                """.replace("DRIVER", database.driver())
                .replace("URL", database.url(databasePort))
                .replace("BUS\n", busLines)
                .replace("GRIP\n", grip())
                .replace("USER", database.user())
                .replace("PASSWORD", database.password())
                .replace("REVOKED", revokedFile().toString());
    }

    private String grip() {
        StringBuilder block = new StringBuilder();
        if (!controls.isEmpty()) {
            block.append("  grip:\n    linkSecrets: [a-secret-for-the-links-of-the-run]\n    proxies:\n");
        }
        for (FaultProxy control : controls) {
            block.append("      - url: http://127.0.0.1:")
                    .append(control.port())
                    .append("?verify-key=a-key-of-the-tests-which-is-no-secret\n        minInterval: 0ms\n");
        }
        return block.toString();
    }

    private Path revokedFile() {
        return directory.resolve("revoked.txt").toAbsolutePath();
    }

    /** Writes the revoked permissions to the file that the nodes read. */
    void writeRevoked(List<String> pairs) throws IOException {
        Path next = Files.write(directory.resolve("revoked.next"), pairs, StandardCharsets.UTF_8);
        Files.move(next, revokedFile(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    Database database() {
        return database;
    }

    List<Node> nodes() {
        return nodes;
    }

    List<FaultProxy> links() {
        return links;
    }

    BusLinks bus() {
        return bus;
    }

    List<FaultProxy> fronts() {
        return fronts;
    }

    /** The ports through which readers connect. */
    Doors doors() {
        return new Doors(Stream.concat(fronts.stream(), doors.stream()).toList(), fronts.size());
    }

    /** The nodes by their names, and by {@code port:N} for each port that leads to one. */
    Map<String, Node> nodesByName() {
        Map<String, Node> byName = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            byName.put(node.name(), node);
            byName.put("port:" + node.port(), node);
            byName.put("port:" + fronts.get(i).port(), node);
        }
        return byName;
    }

    List<PushpinProcess> pushpins() {
        return pushpins;
    }

    List<FaultProxy> controls() {
        return controls;
    }

    int cuts() {
        return proxies().mapToInt(FaultProxy::cuts).sum();
    }

    private Stream<FaultProxy> proxies() {
        return Stream.of(links, bus.proxies(), fronts, controls, doors).flatMap(List::stream);
    }

    /** Ends every fault, and waits until every node answers. */
    void heal() throws Exception {
        proxies().forEach(FaultProxy::release);
        for (Node node : nodes) {
            node.resume();
        }
        nodes.forEach(Node::awaitAnswerOfSupervised);
    }

    /** Ends all processes; none of them starts again. */
    @Override
    public void close() throws IOException {
        nodes.forEach(Node::close);
        database.close();
        bus.close();
        pushpins.forEach(PushpinProcess::close);
        for (FaultProxy proxy : proxies().toList()) {
            proxy.close();
        }
    }
}
