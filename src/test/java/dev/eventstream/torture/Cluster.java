package dev.eventstream.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The database, the nodes, and the proxies between them and around them. Thread-safe once made.
 */
final class Cluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Path directory;
    private final Database database;
    private final List<Node> nodes = new ArrayList<>();

    /** Between a node and the database. */
    private final List<FaultProxy> links = new ArrayList<>();

    /** Before a node's port. */
    private final List<FaultProxy> fronts = new ArrayList<>();

    Cluster(Options options) throws Exception {
        this.directory = options.directory();
        Files.createDirectories(directory);
        writeRevoked(List.of());
        PatchedClasses.write(directory.resolve("patched"), options.bug());
        this.database = open(options);
        try {
            start(options);
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private static Database open(Options options) throws Exception {
        return switch (options.database()) {
            case "h2" -> new H2Database(options.directory());
            case "postgresql" -> ServerDatabase.postgresql();
            case "mariadb" -> ServerDatabase.mariaDb();
            default ->
                throw new IllegalArgumentException(
                        "--database " + options.database() + " is none of h2, postgresql and mariadb");
        };
    }

    private void start(Options options) throws Exception {
        for (int i = 0; i < options.nodes(); i++) {
            FaultProxy link = new FaultProxy("database-" + i, database.port());
            links.add(link);
            String yaml = yaml(link.port());
            if (i == 0) {
                Path migration = Files.writeString(
                        directory.resolve("migrate.yml"),
                        yaml.replace("${port}", "0").replace("${adminPort}", "0"),
                        StandardCharsets.UTF_8);
                new TortureService().run("db", "migrate", migration.toString());
            }
            Node node = new Node("n" + i, directory, yaml, options.bug());
            nodes.add(node);
            fronts.add(new FaultProxy("node-" + i, node.port()));
        }
        nodes.forEach(Node::awaitAnswer);
    }

    private String yaml(int databasePort) {
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
                  retryMin: 100ms
                  retryMax: 500ms
                  retention: 1m
                  poll: 500ms
                  unstored: ["unstored-*"]
                revoked: "REVOKED"
                """.replace("DRIVER", database.driver())
                .replace("URL", database.url(databasePort))
                .replace("USER", database.user())
                .replace("PASSWORD", database.password())
                .replace("REVOKED", revokedFile().toString());
    }

    private Path revokedFile() {
        return directory.resolve("revoked.txt").toAbsolutePath();
    }

    /** Writes down which permissions are revoked, for nodes to read. */
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

    List<FaultProxy> fronts() {
        return fronts;
    }

    /** Tells every node, those too that have to start first; false if calm came before all had heard it. */
    boolean tellAll(String pathAndQuery, Phases phases) throws InterruptedException {
        for (Node node : nodes) {
            while (!node.tell(pathAndQuery, PATIENCE)) {
                if (phases.awaitCalm(100)) {
                    return false;
                }
            }
        }
        return true;
    }

    int cuts() {
        return links.stream().mapToInt(FaultProxy::cuts).sum()
                + fronts.stream().mapToInt(FaultProxy::cuts).sum();
    }

    /** Ends every fault, and waits until every node answers. */
    void heal() throws Exception {
        links.forEach(FaultProxy::release);
        fronts.forEach(FaultProxy::release);
        for (Node node : nodes) {
            node.resume();
            node.start();
        }
        nodes.forEach(Node::awaitAnswer);
    }

    @Override
    public void close() throws IOException {
        nodes.forEach(Node::close);
        database.close();
        for (FaultProxy proxy : links) {
            proxy.close();
        }
        for (FaultProxy proxy : fronts) {
            proxy.close();
        }
    }
}
