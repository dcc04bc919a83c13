package dev.eventstream;

import dev.eventstream.config.LogDatabase;
import dev.eventstream.retention.Lease;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.jdbi.JdbiEventStore;
import dev.eventstream.store.jdbi.JdbiLease;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.db.PooledDataSourceFactory;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;

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
