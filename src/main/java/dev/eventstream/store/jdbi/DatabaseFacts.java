package dev.eventstream.store.jdbi;

import com.google.common.base.Throwables;
import dev.eventstream.store.EventStoreException;
import java.math.BigDecimal;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * What a database tells about itself.
 *
 * <p>Immutable.
 *
 * @param product such as {@code PostgreSQL}
 * @param isolation the level at which connections begin their transactions, such as {@code READ_COMMITTED}
 * @param isIsolationCostly whether senders to one channel fail at this level when they send at the same time, and try again
 * @param clockAhead how far its clock is ahead of this process's; negative if it is behind
 * @param maxConnections how many connections it accepts in all; empty if it does not limit them
 * @param isPooledByTransaction whether a pooler in between gives each transaction another connection
 */
public record DatabaseFacts(
        String product,
        String isolation,
        boolean isIsolationCostly,
        Duration clockAhead,
        OptionalInt maxConnections,
        boolean isPooledByTransaction) {

    /**
     * Reads the facts with a few short queries.
     *
     * @param jdbi connections of the application's settings, two of them at the same time
     * @throws EventStoreException if the database cannot be reached or is none that the log can be in
     */
    public static DatabaseFacts read(Jdbi jdbi, Clock clock) {
        try {
            return jdbi.withHandle(handle -> read(jdbi, handle, clock));
        } catch (JdbiException e) {
            throw new EventStoreException(
                    "the database cannot be used: " + driverMessage(e), Throwables.getRootCause(e));
        }
    }

    /** The driver's own message, which is safe to show because no query here has values of events. */
    private static String driverMessage(JdbiException failure) {
        return Throwables.getCausalChain(failure).stream()
                .filter(SQLException.class::isInstance)
                .map(cause -> String.valueOf(cause.getMessage()))
                .findFirst()
                .orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    private static DatabaseFacts read(Jdbi jdbi, Handle handle, Clock clock) {
        Dialect dialect = Dialects.of(handle);
        TransactionIsolationLevel level = handle.getTransactionIsolationLevel();
        return new DatabaseFacts(
                handle.queryMetadata(DatabaseMetaData::getDatabaseProductName),
                level.name(),
                dialect.isCostly(level),
                clockAhead(handle, dialect, clock),
                dialect.maxConnections(handle),
                dialect.isPooledByTransaction(jdbi, handle));
    }

    /** Assumes that the answer took as long as the question. */
    private static Duration clockAhead(Handle handle, Dialect dialect, Clock clock) {
        try (Query query = handle.createQuery(dialect.secondsSince1970())) {
            Instant before = clock.instant();
            BigDecimal seconds = query.mapTo(BigDecimal.class).one();
            Duration took = Duration.between(before, clock.instant());
            Instant there = Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
            return Duration.between(before.plus(took.dividedBy(2)), there);
        }
    }
}
