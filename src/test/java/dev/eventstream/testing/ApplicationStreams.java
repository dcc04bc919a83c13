package dev.eventstream.testing;

import dev.eventstream.event.Event;
import dev.eventstream.store.jdbi.JdbiEventStore;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import java.net.URI;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a whole application that runs in a {@link DropwizardAppExtension}, with its own database, authentication and routes.
 *
 * <pre>{@code
 * static final DropwizardAppExtension<ShopConfiguration> APP = new DropwizardAppExtension<>(ShopApplication.class, "config.yml",
 *         ConfigOverride.config("database.url", "jdbc:h2:mem:orders-test"));
 * static final ApplicationStreams<ShopConfiguration> STREAMS = ApplicationStreams.of(APP, configuration -> configuration.database);
 * }</pre>
 *
 * <p>Before the application runs, its database is migrated as by {@code db migrate}. A database in H2's memory lives until the application
 * stops, even without {@code DB_CLOSE_DELAY}. The application listens on any free ports instead of those in its configuration.
 *
 * <p>Thread-safe.
 *
 * @param <C> the application's configuration
 */
public final class ApplicationStreams<C extends Configuration> {
    private final DropwizardAppExtension<C> application;
    private volatile @Nullable SentEvents sent;

    private ApplicationStreams(DropwizardAppExtension<C> application) {
        this.application = application;
    }

    /** Of an application whose changes to the database are in {@code migrations.xml}, where {@code db migrate} finds them. */
    public static <C extends Configuration> ApplicationStreams<C> of(
            DropwizardAppExtension<C> application, Function<C, PooledDataSourceFactory> database) {
        return of(application, database, "migrations.xml");
    }

    /**
     * Of an application, before it starts.
     *
     * @param database the database with the events; the same as in {@code EventStreamBundle.builder().database(…)}
     * @param migrations a file on the class path, such as {@code migrations.xml}
     */
    public static <C extends Configuration> ApplicationStreams<C> of(
            DropwizardAppExtension<C> application, Function<C, PooledDataSourceFactory> database, String migrations) {
        ApplicationStreams<C> streams = new ApplicationStreams<>(application);
        application.addListener(streams.new Log(database, migrations));
        return streams;
    }

    /** Follows the application: migrates its database before it runs, and reads the log while it does. */
    private final class Log extends DropwizardAppExtension.ServiceListener<C> {
        private final Function<C, PooledDataSourceFactory> database;
        private final String migrations;
        private @Nullable ManagedDataSource pool;

        Log(Function<C, PooledDataSourceFactory> database, String migrations) {
            this.database = database;
            this.migrations = migrations;
        }

        @Override
        public void onRun(C configuration, Environment environment, DropwizardAppExtension<C> running)
                throws Exception {
            TestApplication.listenOnAnyPorts(configuration.getServerFactory());
            ManagedDataSource opened = database.apply(configuration).build(environment.metrics(), "testing");
            pool = opened;
            migrate(opened);
            sent = new SentEvents(
                    new JdbiEventStore(Jdbi.create(JdbiEventStore.connections(opened)), Clock.systemUTC(), false));
        }

        private void migrate(ManagedDataSource source) throws Exception {
            try (Connection connection = source.getConnection();
                    Liquibase liquibase = new Liquibase(
                            migrations,
                            new ClassLoaderResourceAccessor(),
                            DatabaseFactory.getInstance()
                                    .findCorrectDatabaseImplementation(new JdbcConnection(connection)))) {
                liquibase.update("");
            }
        }

        @Override
        public void onStop(DropwizardAppExtension<C> running) throws Exception {
            sent = null;
            if (pool != null) {
                pool.stop();
            }
        }
    }

    /**
     * The address of a path of the application, for a client that the test brings itself.
     *
     * @param path with its query, such as {@code /events?channel=orders}
     * @throws IllegalArgumentException if it does not begin with a slash, or is not encoded as in an address
     */
    public URI uri(String path) {
        return Opening.uri(application.getLocalPort(), path);
    }

    /**
     * Opens a stream, and waits until it is open. It gets every event that is sent afterwards.
     *
     * @param path with its query, such as {@code /events?channel=orders}
     * @param headers names and values, alternately, such as {@code "Authorization", "Bearer …"}
     * @throws AssertionError if the reader is refused
     */
    public TestReader open(String path, String... headers) {
        return TestReader.open(opening(path, headers), contiguity());
    }

    /**
     * Requests a stream that the application must refuse.
     *
     * @return the condition of the {@code stream-error}, such as {@code forbidden}; or {@code status 401}
     * @throws AssertionError if the stream opens
     */
    public String refusal(String path, String... headers) {
        return TestReader.refusal(opening(path, headers), contiguity());
    }

    private Opening opening(String path, String... headers) {
        return new Opening(uri(path), List.of(headers));
    }

    // only the application knows who signed in, so an event that skips anyone may skip this reader
    private Contiguity contiguity() {
        return new Contiguity(log(), event -> !event.skipUsers().isEmpty());
    }

    /**
     * What was sent to a channel and has not been trimmed, first to last; {@link Event#isEnd} is the end of a finished channel. The events of
     * unstored channels are not in the log: only readers see them.
     */
    public List<Event> sent(String channel) {
        return log().of(channel);
    }

    /** The names of the channels to which something was sent. */
    public Set<String> channels() {
        return log().channels();
    }

    private SentEvents log() {
        SentEvents running = sent;
        if (running == null) {
            throw new IllegalStateException(
                    "the application is not running; start it with DropwizardExtensionsSupport");
        }
        return running;
    }
}
