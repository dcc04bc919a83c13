package dev.eventstream.bench;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.ServiceProcess;
import dev.eventstream.bus.BusServer;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.network.FaultProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two nodes in separate JVMs, with a log in PostgreSQL and any bus. Each uses the database as another role, so that
 * {@link #queries} can tell them apart. Confined to one thread.
 */
final class TwoNodes implements AutoCloseable {
    /** How many channels a stream may have. */
    static final int CHANNELS_PER_STREAM = 250;

    private static final List<String> ROLES = List.of("node_1", "node_2");

    private final PostgresServer server;
    private final String database;
    private final Path directory = Files.createTempDirectory("two-nodes");
    private final List<ServiceProcess> nodes = new ArrayList<>();
    private final List<FaultProxy> databaseProxies = new ArrayList<>();
    private final List<FaultProxy> busProxies = new ArrayList<>();

    private TwoNodes(PostgresServer server) throws Exception {
        this.server = server;
        this.database = server.freshDatabase();
    }

    /** A server that counts the statements of each role (pg_stat_statements). */
    static PostgresServer server() throws Exception {
        PostgresServer server = PostgresServer.startNew("shared_preload_libraries=pg_stat_statements");
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION pg_stat_statements");
            for (String role : ROLES) {
                statement.execute("CREATE ROLE " + role + " SUPERUSER LOGIN");
            }
            return server;
        } catch (SQLException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Starts the nodes on an empty log.
     *
     * @param bus {@code database}, {@code postgres}, {@code redis} or {@code nats}
     * @param carrier the server of redis or nats, which is running; with postgres, the bus is on the server of the log
     * @param isCounted whether all connections go through proxies, which count bytes but take time
     */
    static TwoNodes start(PostgresServer server, String bus, List<BusServer> carrier, boolean isCounted)
            throws Exception {
        TwoNodes two = new TwoNodes(server);
        try {
            for (String role : ROLES) {
                two.startNode(role, bus, carrier, isCounted);
            }
            return two;
        } catch (Exception | Error e) {
            two.close();
            throw e;
        }
    }

    private void startNode(String role, String bus, List<BusServer> carrier, boolean isCounted) throws Exception {
        int databasePort = port(server.port(), isCounted, databaseProxies);
        String block = "bus: {type: " + bus + "}";
        if (bus.equals("postgres")) {
            String url = url(port(server.port(), isCounted, busProxies));
            block = "bus: {type: postgres, url: \"" + url + "\", user: " + role + ", password: \"\"}";
        } else if (!carrier.isEmpty()) {
            BusServer only = carrier.get(0);
            block = "bus: " + only.yaml(port(only.port(), isCounted, busProxies));
        }
        nodes.add(ServiceProcess.start(
                Files.createDirectory(directory.resolve(role)),
                List.of("-Xmx512m"),
                new ServiceProcess.Database("org.postgresql.Driver", url(databasePort), role),
                block + "\nlimits: {channelsPerStream: " + CHANNELS_PER_STREAM + "}"));
    }

    private static int port(int own, boolean isCounted, List<FaultProxy> proxies) throws Exception {
        if (!isCounted) {
            return own;
        }
        FaultProxy proxy = new FaultProxy("count-" + proxies.size(), own);
        proxies.add(proxy);
        return proxy.port();
    }

    private String url(int port) {
        return server.jdbcUrl(database).replace(":" + server.port() + '/', ":" + port + '/');
    }

    ServiceProcess first() {
        return nodes.get(0);
    }

    ServiceProcess second() {
        return nodes.get(1);
    }

    /** Puts channels into the log that have had one event each, which was trimmed. */
    void addChannels(int count) throws SQLException {
        execute("INSERT INTO eventstream_channel (name, epoch, newest, newest_at, trimmed_through)"
                + " SELECT 'c' || n, 'bench', 1, 0, 1 FROM generate_series(0, " + (count - 1) + ") n");
        execute("ANALYZE eventstream_channel");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What a node has used so far. */
    record Usage(long queries, long databaseBytes, long busBytes) {
        Usage minus(Usage earlier) {
            return new Usage(
                    queries - earlier.queries, databaseBytes - earlier.databaseBytes, busBytes - earlier.busBytes);
        }
    }

    /** What the first node has used, and the second. */
    List<Usage> usage() throws SQLException {
        long[] queries = queries();
        List<Usage> usage = new ArrayList<>();
        for (int i = 0; i < ROLES.size(); i++) {
            usage.add(new Usage(queries[i], bytes(databaseProxies, i), bytes(busProxies, i)));
        }
        return usage;
    }

    private static long bytes(List<FaultProxy> proxies, int node) {
        return proxies.isEmpty() ? 0 : proxies.get(node).bytes();
    }

    /** The statements of each role, without those that only begin and end transactions or change settings. */
    private long[] queries() throws SQLException {
        long[] counts = new long[ROLES.size()];
        try (Connection connection = server.connect("postgres");
                var select = connection.prepareStatement("SELECT COALESCE(SUM(calls), 0) FROM pg_stat_statements s"
                        + " JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = ?"
                        + " AND query !~* '^(BEGIN|COMMIT|ROLLBACK|SET|SHOW|DEALLOCATE)'")) {
            for (int i = 0; i < counts.length; i++) {
                select.setString(1, ROLES.get(i));
                try (var result = select.executeQuery()) {
                    result.next();
                    counts[i] = result.getLong(1);
                }
            }
        }
        return counts;
    }

    @Override
    public void close() throws IOException {
        nodes.forEach(ServiceProcess::close);
        for (List<FaultProxy> proxies : Arrays.asList(databaseProxies, busProxies)) {
            for (FaultProxy proxy : proxies) {
                proxy.close();
            }
        }
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
}
