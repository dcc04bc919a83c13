package dev.eventstream.benchmarks.database;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** An empty log in a database that nothing else uses. {@link #close} deletes it. Thread-safe. */
public abstract class LogDatabase implements AutoCloseable {
    /** All databases that the bundle supports. */
    public static final List<String> NAMES = List.of("postgresql", "mariadb", "h2");

    /** Those that run as a separate server. */
    public static final List<String> SERVERS = List.of("postgresql", "mariadb");

    static {
        Tables.silence();
    }

    LogDatabase() {}

    /**
     * Starts the database and creates the bundle's tables.
     *
     * @param name one of {@link #NAMES}
     * @param directory for its files; exists and is empty
     */
    public static LogDatabase start(String name, Path directory) throws Exception {
        LogDatabase database = switch (name) {
            case "postgresql" -> PostgresDatabase.startServer(directory);
            case "mariadb" -> MariaDatabase.startServer(directory);
            case "h2" -> new H2Database(directory);
            default -> throw new IllegalArgumentException("database \"" + name + "\"; allowed are " + NAMES);
        };
        try {
            database.migrate();
            return database;
        } catch (Exception | Error e) {
            database.close();
            throw e;
        }
    }

    /** One of {@link #NAMES}. */
    public abstract String name();

    /** Its name in the results. */
    public abstract String title();

    public abstract String url();

    public abstract String user();

    /** The port of the server; empty if the database runs in this process. */
    public abstract Optional<Integer> port();

    /** The URL with options of the driver, such as {@code options=-c%20jit%3Doff}. */
    public abstract String url(String options);

    /**
     * Creates another log on the same server. Close it first.
     *
     * @param database lower-case letters, digits and underscores
     */
    public abstract LogDatabase sibling(String database) throws Exception;

    /** The file to which the server writes the statements whose plans a connection asks for. */
    abstract Path statementLog();

    /** The bytes that the table of events and its indexes take. */
    public abstract long bytes() throws SQLException;

    @Override
    public abstract void close();

    /** The URL by which the database is reached through a {@link Relay}. */
    public final String url(Relay relay) {
        int own = port().orElseThrow(() -> new IllegalStateException(name() + " runs in this process"));
        return url().replace(":" + own + '/', ":" + relay.port() + '/');
    }

    public final String driver() throws SQLException {
        return DriverManager.getDriver(url()).getClass().getName();
    }

    /** A pool like the one that Dropwizard makes from a {@code database} block. The caller stops it. */
    public final ManagedDataSource pool(String url, int connections) throws SQLException {
        DataSourceFactory pool = new DataSourceFactory();
        pool.setDriverClass(driver());
        pool.setUrl(url);
        pool.setUser(user());
        pool.setPassword("");
        pool.setMinSize(Math.min(10, connections));
        pool.setInitialSize(Math.min(10, connections));
        pool.setMaxSize(connections);
        return pool.build(new MetricRegistry(), "benchmark");
    }

    public final Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), user(), "");
    }

    /** Runs a statement. */
    public final void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The only number that a query returns. */
    public final long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** The product and its version, as shown in the results. */
    public final String version() throws SQLException {
        try (Connection connection = connect()) {
            return connection.getMetaData().getDatabaseProductName()
                    + ' '
                    + connection.getMetaData().getDatabaseProductVersion();
        }
    }

    final void migrate() throws Exception {
        Tables.create(connect());
    }
}
