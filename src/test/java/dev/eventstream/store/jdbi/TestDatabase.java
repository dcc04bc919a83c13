package dev.eventstream.store.jdbi;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.database.Changelog;
import dev.eventstream.database.DatabaseServer;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.util.Duration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** A database as a Dropwizard application has it: its pool and its changelog. */
final class TestDatabase implements AutoCloseable {
    private final String url;
    private final String user;
    private final String password;
    private final ManagedDataSource dataSource;
    private final Jdbi jdbi;

    /** A database that is not migrated yet. */
    TestDatabase(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.dataSource = factory().build(new MetricRegistry(), "test");
        this.jdbi = Jdbi.create(dataSource);
    }

    private DataSourceFactory factory() {
        DataSourceFactory factory = new DataSourceFactory();
        factory.setUrl(url);
        factory.setUser(user);
        factory.setPassword(password);
        factory.setMaxSize(20);
        factory.setInitialSize(1);
        factory.setMinSize(1);
        factory.setMaxWaitForConnection(Duration.seconds(60));
        return factory;
    }

    /** Another pool, with {@code autoCommitByDefault: false}. The caller stops it. */
    ManagedDataSource poolWithoutAutoCommit() {
        DataSourceFactory factory = factory();
        factory.setAutoCommitByDefault(false);
        return factory.build(new MetricRegistry(), "test without auto-commit");
    }

    /** A new H2 database in memory. Its lock timeout suits a busy machine. */
    static String h2InMemory() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000";
    }

    /** A new, empty database on the server. */
    static TestDatabase freshOn(DatabaseServer server) {
        return new TestDatabase(server.jdbcUrl(server.freshDatabase()), server.user(), server.password());
    }

    /** Migrates as {@code db migrate} does. */
    void migrate() {
        migrate(Changelog.APPLICATION);
    }

    void migrate(Changelog changelog) {
        try {
            changelog.apply(connect());
        } catch (SQLException e) {
            throw new AssertionError("the database cannot be reached", e);
        }
    }

    String url() {
        return url;
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    /** A connection from outside the pool. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    void clear() {
        jdbi.useHandle(handle -> {
            handle.execute("DELETE FROM eventstream_lease");
            handle.execute("DELETE FROM eventstream_outbox");
            handle.execute("DELETE FROM eventstream_event");
            handle.execute("DELETE FROM eventstream_channel");
        });
    }

    Jdbi jdbi() {
        return jdbi;
    }

    ManagedDataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        try {
            dataSource.stop();
        } catch (Exception e) {
            throw new AssertionError("the pool cannot be stopped", e);
        }
    }
}
