package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.LogSize;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.TrimLimit;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the log of each channel in the application's SQL database. The package description covers its locks.
 *
 * <p>A committed event is as durable as the database makes a commit. For H2 in a file, add {@code ;WRITE_DELAY=0} to the URL.
 * If a thread may be interrupted while it writes, also use {@code jdbc:h2:async:} instead of {@code jdbc:h2:}, because
 * otherwise the interrupt makes H2 close the database.
 *
 * <p>The connections of the {@code Jdbi} must have auto-commit on; {@link #connections} ensures that.
 *
 * <p>Each method except the append within the application's transaction takes a separate connection. A thread that is in a
 * transaction therefore needs a second one from the pool.
 *
 * <p>Thread-safe.
 */
public final class JdbiEventStore implements EventStore {
    private static final Appended NOTHING = new Appended(List.of(), List.of());

    private final Transactions transactions;
    private final Appender appender;
    private final Positions positions;
    private final Reopening reopening;
    private final @Nullable Outbox outbox;

    /**
     * @param jdbi of the database that {@code db migrate} was run on
     * @param clock stamps events with the time at which they are sent
     * @param hasOutbox whether each append writes one outbox row per channel, from which an {@code OutboxSweep} finds
     *     events that were not announced; costs one statement per append, except on PostgreSQL
     */
    public JdbiEventStore(Jdbi jdbi, Clock clock, boolean hasOutbox) {
        this.transactions = new Transactions(jdbi);
        this.appender = new Appender(transactions, clock, hasOutbox);
        this.positions = new Positions(transactions);
        this.reopening = new Reopening(transactions, clock);
        this.outbox = hasOutbox ? new JdbiOutbox(jdbi, clock) : null;
    }

    /**
     * Connections of a pool that only the store uses, with auto-commit on, even if the pool is configured to switch it off. They
     * stay that way.
     */
    public static ConnectionFactory connections(DataSource pool) {
        return () -> {
            Connection connection = pool.getConnection();
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
            return connection;
        };
    }

    /**
     * {@inheritDoc}
     *
     * <p>The limit applies to each statement that waits for locks; on H2 and PostgreSQL that is one per channel. On
     * MariaDB it is at least 10 ms. If the database ends an append because of a conflict, the append is tried again, three times
     * in all.
     */
    @Override
    public Appended append(List<NewEvent> events, Duration maxLockWait) {
        return events.isEmpty() ? NOTHING : appender.append(events, LockWait.of(maxLockWait));
    }

    /**
     * {@inheritDoc}
     *
     * <p>If it fails, the transaction is as it was before, unless the database has ended the whole transaction.
     *
     * @param transaction a {@link JdbiStoreTransaction} or {@link ConnectionTransaction} of the same database
     * @throws IllegalArgumentException if it is any other
     * @throws IllegalStateException if it has ended
     */
    @Override
    public Appended append(StoreTransaction transaction, List<NewEvent> events) {
        Handle handle = Transactions.openHandle(transaction);
        return events.isEmpty() ? NOTHING : appender.appendWithin(handle, events);
    }

    /**
     * {@inheritDoc}
     *
     * <p>That is the case if the transaction sees the event and others do not. Takes two queries, one of them in the transaction.
     */
    @Override
    public boolean isUncommitted(StoreTransaction transaction, Event event) {
        try {
            return positions.isUncommitted(Transactions.openHandle(transaction), event);
        } catch (JdbiException | IllegalStateException e) {
            return false; // the transaction has ended, or can only be rolled back
        }
    }

    /** The outbox, if appends write to it. */
    @Override
    public Optional<Outbox> outbox() {
        return Optional.ofNullable(outbox);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The channel is read first, then its events, without locks. That is enough: if the channel honours the position, all
     * events from there up to the channel's newest were committed before they are read, and no others are asked for, so a
     * concurrent append changes nothing. A concurrent trim removes the oldest events. If the first event read is then not the
     * one right after the position, that event was indeed trimmed.
     */
    @Override
    public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
        return transactions.withHandle(
                handle -> {
                    ChannelRow row = channels(handle).find(List.of(channel)).get(channel);
                    if (row == null) {
                        return after.isNone()
                                ? new EventPage.Range(List.of(), false)
                                : new EventPage.PositionUnavailable(EventId.NONE);
                    }
                    return row.honours(after) ? read(handle, row, after, limit) : unavailable(row);
                },
                () -> "channel \"" + channel + "\" was not read");
    }

    private static EventPage read(Handle handle, ChannelRow channel, EventId after, PageLimit limit) {
        List<Event> events = new EventDao(handle).read(channel, after.sequence(), limit);
        boolean hasMore = after.sequence() + events.size() < channel.newest();
        return events.isEmpty() && hasMore
                ? unavailable(channel)
                : new EventPage.Range(events, hasMore, channel.isFinished() && !hasMore);
    }

    private static EventPage unavailable(ChannelRow channel) {
        return new EventPage.PositionUnavailable(channel.newestPosition(), channel.isFinished());
    }

    @Override
    public Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        return positions.newest(channels);
    }

    /**
     * {@inheritDoc}
     *
     * <p>This requires the isolation level REPEATABLE READ or higher on PostgreSQL and MariaDB, and SNAPSHOT or SERIALIZABLE on H2, where
     * each table has a separate state at REPEATABLE READ. On MariaDB, ask before the transaction's first append: after it, the
     * answer contains events of others that the transaction's other queries do not see.
     *
     * @throws IllegalStateException also if the isolation level is lower
     */
    @Override
    public Map<ChannelName, LogEnd> ends(StoreTransaction transaction, Collection<ChannelName> channels) {
        return positions.endsWithin(Transactions.openHandle(transaction), channels);
    }

    @Override
    public Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
        return positions.ends(channels);
    }

    @Override
    public void reopen(ChannelName channel) {
        reopening.reopen(channel, LockWait.of(MAX_LOCK_WAIT));
    }

    @Override
    public Optional<Map<ChannelName, EventId>> newestSince(Instant time) {
        return Optional.of(positions.newestSince(time));
    }

    @Override
    public Optional<Map<ChannelName, EventId>> startPositions(Collection<ChannelName> channels, StartLimit limit) {
        return Optional.of(positions.starts(channels, limit));
    }

    @Override
    public void renewEpoch(ChannelName channel, String epoch) {
        positions.renewEpoch(channel, epoch);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Locks the channels only while their low-water marks are raised, not while events are deleted.
     *
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    @Override
    public int trim(Instant before, int batch) {
        requireSome(batch);
        return transactions.withHandle(
                handle -> new Trim(handle, transactions.dialect(handle), batch).removeBefore(before),
                () -> "events sent before " + before + " were not trimmed");
    }

    /**
     * {@inheritDoc}
     *
     * <p>Locks the channel as {@link #trim(Instant, int)} does.
     *
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    @Override
    public int trim(ChannelName channel, TrimLimit keep, int batch) {
        requireSome(batch);
        return transactions.withHandle(
                handle -> new Trim(handle, transactions.dialect(handle), batch).remove(channel, keep),
                () -> "channel \"" + channel + "\" was not trimmed");
    }

    private static void requireSome(int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("a trim of " + batch + " events; allowed is 1 or more");
        }
    }

    @Override
    public List<ChannelStats> stats(String after, int limit) {
        return transactions.withHandle(
                handle -> channels(handle).stats(after, limit), () -> "the sizes of the channels were not read");
    }

    /**
     * {@inheritDoc}
     *
     * <p>Two queries: the database's own estimate for the table, and a look at the first entry of an index. H2 does not know the bytes.
     */
    @Override
    public Optional<LogSize> size() {
        return transactions.withHandle(
                handle -> {
                    TableSize table = transactions.dialect(handle).size(handle);
                    return Optional.of(new LogSize(table.rows(), table.bytes(), new EventDao(handle).oldest()));
                },
                () -> "the size of the log was not read");
    }

    /**
     * {@inheritDoc}
     *
     * <p>On H2, also checks that each commit is written before it is reported.
     */
    @Override
    public void check() {
        transactions.withHandle(
                handle -> new LogCheck(handle, transactions.dialect(handle)).run(), () -> LogCheck.FAILED);
    }

    private ChannelDao channels(Handle handle) {
        return new ChannelDao(handle, transactions.dialect(handle));
    }
}
