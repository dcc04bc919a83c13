package dev.eventstream;

import dev.eventstream.config.LogDatabase;
import dev.eventstream.retention.Lease;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.jdbi.JdbiEventStore;
import dev.eventstream.store.jdbi.JdbiLease;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.db.PooledDataSourceFactory;
import java.time.Clock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Where the log of the events comes from: the application's SQL database, or a store that the application supplies. */
@FunctionalInterface
interface LogSource {

    /**
     * The log, and the lease under which one node trims it.
     *
     * <p>Immutable.
     *
     * @param database the database that contains the log, if there is one
     */
    record Log(EventStore store, Lease lease, LogDatabase database) {}

    /**
     * Makes the log. Opens no connection.
     *
     * @param hasOutbox whether commits are recorded until they are announced, if the store supports that
     */
    Log log(Environment environment, Clock clock, boolean hasOutbox);

    /**
     * Chooses the database or the store that the builder was given.
     *
     * @throws IllegalStateException if it was given both or neither
     */
    static <C> BiFunction<C, Environment, LogSource> choose(
            @Nullable Function<C, PooledDataSourceFactory> database,
            @Nullable BiFunction<C, Environment, EventStore> store) {
        if (store == null) {
            Function<C, PooledDataSourceFactory> found = Required.inBuilder(database, "database");
            return (configured, environment) -> LogSource.database(Required.fromFunction(
                    found.apply(configured),
                    "database",
                    "the database block of config.yml is missing or empty, or the field of your configuration class is not"
                            + " initialised with new DataSourceFactory()"));
        }
        if (database != null) {
            throw new IllegalStateException(
                    "EventStreamBundle.builder() has both database(…) and store(…); keep one of them");
        }
        return (configured, environment) -> LogSource.store(store.apply(configured, environment));
    }

    /** As {@link #choose}, for a command: a database whose connections are scarce should not lack ten more. */
    static <C> BiFunction<C, Environment, LogSource> withFewConnections(
            @Nullable Function<C, PooledDataSourceFactory> database,
            @Nullable BiFunction<C, Environment, EventStore> store) {
        return choose(database == null ? null : database.andThen(LogSource::withFewConnections), store);
    }

    private static PooledDataSourceFactory withFewConnections(PooledDataSourceFactory database) {
        if (database instanceof DataSourceFactory usual) {
            usual.setInitialSize(0);
            usual.setMinSize(0);
            usual.setMaxSize(2);
        }
        return database;
    }

    /** The log in that database, over a separate connection pool named {@code eventstream}. */
    static LogSource database(PooledDataSourceFactory database) {
        return (environment, clock, hasOutbox) -> {
            ManagedDataSource pool = database.build(environment.metrics(), "eventstream");
            environment.lifecycle().manage(pool);
            Jdbi jdbi = Jdbi.create(JdbiEventStore.connections(pool));
            return new Log(
                    new JdbiEventStore(jdbi, clock, hasOutbox),
                    new JdbiLease(jdbi, clock),
                    LogDatabase.of(database, jdbi));
        };
    }

    /** The log in the application's own store. Each node trims it. */
    static LogSource store(EventStore store) {
        return (environment, clock, hasOutbox) -> new Log(store, (task, length) -> true, LogDatabase.none());
    }
}
