package dev.eventstream.store.jdbi;

import dev.eventstream.retention.Lease;
import java.time.Clock;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Lease by the table {@code eventstream_lease}, one row for each task; one statement for each try.
 *
 * <p>When a turn ends is reckoned by the clocks of the nodes: where they differ, two may have it at once. A turn that ends
 * later than any could is that of a clock gone wrong, and is over.
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
                handle -> take(handle, task, length), () -> "the turn for " + task + " was not taken");
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
