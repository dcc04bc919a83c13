package dev.eventstream.store.jdbi;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.OutboxEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The table {@code eventstream_outbox}; see the package for its locks.
 *
 * <p>The clocks of the nodes decide when a row is due, so differences between them shift the time at which it is swept.
 *
 * <p>Thread-safe.
 */
public final class JdbiOutbox implements Outbox {
    /** How long after its append a row is due, which is the time to announce its events in the ordinary way. */
    public static final Duration GRACE = Duration.ofSeconds(2);

    /** How long after a claim a row is due again. */
    static final Duration CLAIM = Duration.ofSeconds(10);

    /** The lease of the nodes that sweep the outbox. It says that rows are needed; several nodes may sweep. */
    static final String LEASE = "outbox";

    private static final Duration LEASE_LENGTH = Duration.ofDays(1);
    private static final Duration LEASE_EVERY = Duration.ofHours(1);

    private final Transactions transactions;
    private final Clock clock;
    private final JdbiLease lease;

    // written by the thread that sweeps
    private volatile Instant nextLease = Instant.MIN;

    /**
     * @param jdbi of the database that {@code db migrate} was run on
     */
    public JdbiOutbox(Jdbi jdbi, Clock clock) {
        this.transactions = new Transactions(jdbi);
        this.clock = clock;
        this.lease = new JdbiLease(jdbi, clock);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Once an hour, it also takes the lease that tells {@code eventstream_send} (send-function.xml) to write outbox rows.
     */
    @Override
    public List<OutboxEntry> claimDue(int limit) {
        if (!clock.instant().isBefore(nextLease)) {
            lease.take(LEASE, LEASE_LENGTH);
            nextLease = clock.instant().plus(LEASE_EVERY);
        }
        return transactions.again((handle, isRepeated) -> claimDue(handle, limit), () -> "the outbox was not read");
    }

    private List<OutboxEntry> claimDue(Handle handle, int limit) {
        OutboxDao dao = new OutboxDao(handle);
        long now = clock.millis();
        List<OutboxRow> due = dao.due(now, limit);
        if (due.isEmpty()) {
            return List.of();
        }
        long again = now + CLAIM.toMillis();
        Set<OutboxRow> claimed = Transactions.readCommitted(
                handle,
                () -> due.stream()
                        .sorted()
                        .filter(row -> dao.postpone(row, again))
                        .collect(toSet()));
        return due.stream().filter(claimed::contains).map(OutboxRow::events).toList();
    }

    /** {@inheritDoc} One look at the first entry of an index. */
    @Override
    public Optional<Duration> lag() {
        return transactions.withHandle(
                handle -> {
                    long dueFor =
                            clock.millis() - new OutboxDao(handle).firstDueAt().orElse(Long.MAX_VALUE);
                    return Optional.of(Duration.ofMillis(Math.max(0, dueFor)));
                },
                () -> "the outbox was not read");
    }

    @Override
    public void delete(Collection<OutboxEntry> announced) {
        transactions.again(
                (handle, isRepeated) -> {
                    List<OutboxRow> rows = rows(handle, announced);
                    return Transactions.readCommitted(handle, () -> {
                        new OutboxDao(handle).delete(rows);
                        return rows;
                    });
                },
                () -> announced.size() + " outbox row(s) were not deleted");
    }

    // the channels are read first and not joined, because MariaDB would lock them for the delete
    private List<OutboxRow> rows(Handle handle, Collection<OutboxEntry> announced) {
        Map<ChannelName, ChannelRow> channels = new ChannelDao(handle, transactions.dialect(handle))
                .find(announced.stream().map(OutboxEntry::channel).collect(toSet()));
        return announced.stream()
                .filter(events -> isOf(channels, events))
                .map(events -> OutboxRow.of(events, requireNonNull(channels.get(events.channel()))))
                .toList();
    }

    private static boolean isOf(Map<ChannelName, ChannelRow> channels, OutboxEntry events) {
        ChannelRow channel = channels.get(events.channel());
        return channel != null && channel.epoch().equals(events.last().epoch());
    }
}
