package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.database.LogDatabase;
import dev.eventstream.benchmarks.peer.Database;
import dev.eventstream.benchmarks.peer.Ours;
import dev.eventstream.benchmarks.peer.Server;
import dev.eventstream.benchmarks.peer.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Three nodes with one log, and the server of their bus if it has one.
 *
 * @param carrier the server of the bus; empty or one
 */
record Cluster(List<Server> nodes, List<ServerProcess> carrier) implements AutoCloseable {
    private static final int NODES = 3;

    /**
     * Starts them on an empty log.
     *
     * @param server of the log
     * @param bus {@code database}, {@code postgres}, {@code redis} or {@code nats}
     * @param log the name of the log's database, which is created
     */
    static Cluster start(Run run, LogDatabase server, String bus, String log) throws Exception {
        LogDatabase empty = server.sibling(log);
        Database database = new Database(empty.driver(), empty.url(), empty.user(), "");
        int port = ServerProcess.freePort();
        Cluster cluster = new Cluster(new ArrayList<>(), new ArrayList<>());
        try {
            List<String> command = command(bus, port);
            if (!command.isEmpty()) {
                cluster.carrier.add(
                        ServerProcess.start(run.newDirectory(bus), command).awaitPort(port));
            }
            Ours node = new Ours("node", false, directory -> database, List.of("-Xmx256m"), block(bus, port));
            for (int i = 0; i < NODES; i++) {
                cluster.nodes.add(node.start(run.newDirectory("node")));
            }
            return cluster;
        } catch (Exception | Error e) {
            cluster.close();
            throw e;
        }
    }

    private static List<String> command(String bus, int port) {
        String number = Integer.toString(port);
        return switch (bus) {
            case "redis" ->
                List.of("redis-server", "--port", number, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no");
            case "nats" -> List.of(program("nats-server"), "-a", "127.0.0.1", "-p", number);
            default -> List.of();
        };
    }

    // Debian puts it where only root looks
    private static String program(String name) {
        Path ofRoot = Path.of("/usr/sbin", name);
        return ofRoot.toFile().canExecute() ? ofRoot.toString() : name;
    }

    private static String block(String bus, int port) {
        return switch (bus) {
            case "redis" -> "bus: {type: redis, uri: \"redis://127.0.0.1:" + port + "\"}\n";
            case "nats" -> "bus: {type: nats, servers: [\"nats://127.0.0.1:" + port + "\"]}\n";
            default -> "bus: {type: " + bus + "}\n";
        };
    }

    @Override
    public void close() {
        nodes.forEach(Server::close);
        carrier.forEach(ServerProcess::close);
    }
}
