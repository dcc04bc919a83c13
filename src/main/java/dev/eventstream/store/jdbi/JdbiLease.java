package dev.eventstream.store.jdbi;

import dev.eventstream.retention.Lease;
import java.time.Clock;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Leases in the table {@code eventstream_lease}, which has one row per task. Each attempt takes one statement.
 *
 * <p>The clocks of the nodes decide when a lease ends. If they differ, two nodes may hold it at the same time. A lease that ends
 * later than is possible comes from a wrong clock, and is ignored.
 *
 * <p>Thread-safe.
 */
public final class JdbiLease implements Lease {
    private final Transactions transactions;
    private final Clock clock;

    /**
     * @param jdbi of the database that {@code db migrate} was run on
     */
    public JdbiLease(Jdbi jdbi, Clock clock) {
        this.transactions = new Transactions(jdbi);
        this.clock = clock;
    }

    @Override
    public boolean take(String task, Duration length) {
        return transactions.withHandle(
                handle -> take(handle, task, length), () -> "the lease for " + task + " was not taken");
    }

    private boolean take(Handle handle, String task, Duration length) {
        long now = clock.millis();
        long end = now + length.toMillis();
        int taken = handle.execute(
                "UPDATE eventstream_lease SET due_at = ? WHERE name = ? AND (? >= due_at OR due_at > ?)",
                end,
                task,
                now,
                now + 2 * length.toMillis());
        return taken == 1 || (!isThere(handle, task) && insert(handle, task, end));
    }

    private static boolean isThere(Handle handle, String task) {
        try (Query query = handle.createQuery("SELECT COUNT(*) FROM eventstream_lease WHERE name = ?")) {
            return query.bind(0, task).mapTo(Integer.class).one() > 0;
        }
    }

    private static boolean insert(Handle handle, String task, long end) {
        try {
            return handle.execute("INSERT INTO eventstream_lease (name, due_at) VALUES (?, ?)", task, end) == 1;
        } catch (UnableToExecuteStatementException e) {
            if (SqlErrors.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }
}
