package dev.eventstream.store.jdbi;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.util.Duration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.jdbi.v3.core.Jdbi;

/** A database as a Dropwizard application has it: its pool and its changelog. */
final class TestDatabase implements AutoCloseable {
    /** An application's own changelog, which includes the bundle's. */
    static final String APPLICATION_CHANGELOG = "application-migrations.xml";

    private final String url;
    private final String user;
    private final String password;
    private final ManagedDataSource dataSource;
    private final Jdbi jdbi;

    /** Not migrated yet. */
    TestDatabase(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
        DataSourceFactory factory = new DataSourceFactory();
        factory.setUrl(url);
        factory.setUser(user);
        factory.setPassword(password);
        factory.setMaxSize(20);
        factory.setInitialSize(1);
        factory.setMinSize(1);
        factory.setMaxWaitForConnection(Duration.seconds(60));
        this.dataSource = factory.build(new MetricRegistry(), "test");
        this.jdbi = Jdbi.create(dataSource);
    }

    /** An H2 database in memory that nobody else has. Locks are waited for as long as a busy machine may need. */
    static String h2InMemory() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000";
    }

    /** As {@code db migrate} does it: on a connection of its own, for Liquibase switches autocommit off and leaves it so. */
    void migrate() {
        try (Connection connection = connect();
                Liquibase liquibase = new Liquibase(
                        APPLICATION_CHANGELOG,
                        new ClassLoaderResourceAccessor(),
                        DatabaseFactory.getInstance()
                                .findCorrectDatabaseImplementation(new JdbcConnection(connection)))) {
            liquibase.update("");
        } catch (Exception e) {
            throw new AssertionError("the changelog cannot be applied", e);
        }
    }

    /** A connection that is not of the pool. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    void clear() {
        jdbi.useHandle(handle -> {
            handle.execute("DELETE FROM eventstream_unannounced");
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
