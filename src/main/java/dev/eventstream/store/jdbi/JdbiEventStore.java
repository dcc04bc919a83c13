package dev.eventstream.store.jdbi;

import com.google.common.base.Throwables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.TrimLimit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Keeps the log of each channel in the application's SQL database; see the package for its locks.
 *
 * <p>A committed event is as durable as the database makes a commit. H2 in a file needs {@code ;WRITE_DELAY=0} in its URL,
 * and {@code jdbc:h2:async:} instead of {@code jdbc:h2:} where a thread may be interrupted while it writes, for H2 closes
 * the database then.
 *
 * <p>The connections of the {@code Jdbi} must have auto-commit on; {@link #connections} sees to that.
 *
 * <p>Each method but the append within the application's transaction takes a connection of its own, so a thread that is in
 * a transaction needs a second one from the pool.
 *
 * <p>Thread-safe.
 */
public final class JdbiEventStore implements EventStore {
    /** How often an append is tried that is in conflict with another transaction. */
    static final int MAX_ATTEMPTS = 3;

    private static final String CANNOT_READ = "the log cannot be read";
    private static final Appended NOTHING = new Appended(List.of(), List.of());

    private final Transactions transactions;
    private final Clock clock;
    private final boolean rows;
    private final Outbox outbox;

    /**
     * @param jdbi of the database that {@code db migrate} was run on
     * @param clock says when an event was sent
     * @param announcementRows whether each append writes a row for each of its channels, by which a {@code OutboxSweep} finds what
     *     was not announced: one statement more
     */
    public JdbiEventStore(Jdbi jdbi, Clock clock, boolean announcementRows) {
        this.transactions = new Transactions(jdbi);
        this.clock = clock;
        this.rows = announcementRows;
        this.outbox = new JdbiOutbox(jdbi, clock);
    }

    /**
     * Connections of a pool that only the store uses, with auto-commit on, even if the pool is set to switch it off. They keep
     * it on.
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
     * <p>The limit holds for each statement that waits for locks; on H2 and PostgreSQL that is one for each channel. On
     * MariaDB it is at least 10 ms. An append that the database ends because of a conflict is tried {@value #MAX_ATTEMPTS} times in all.
     */
    @Override
    public Appended append(List<NewEvent> events, Duration maxLockWait) {
        if (events.isEmpty()) {
            return NOTHING;
        }
        for (int attempt = 1; ; attempt++) {
            boolean again = attempt > 1;
            try {
                return transactions.withHandle(
                        handle -> appendAndCommit(handle, events, LockWait.of(maxLockWait), again),
                        () -> notStored(events));
            } catch (EventStoreException e) {
                if (attempt == MAX_ATTEMPTS || !SqlErrors.isConflict(e)) {
                    throw e;
                }
            }
        }
    }

    private Appended appendAndCommit(Handle handle, List<NewEvent> events, LockWait wait, boolean again) {
        Dialect dialect = transactions.dialect(handle);
        Append append = new Append(handle, dialect, wait, events, rows);
        Appended appended;
        try {
            appended = dialect.withLockWait(handle, wait, () -> {
                append.createChannels();
                return Transactions.uncommitted(handle, () -> append.run(clock.millis(), again));
            });
        } catch (JdbiException e) {
            EventStoreException failure = SqlErrors.of(notStored(events), Outcome.NOT_STORED, e);
            throw SqlErrors.isLockTimeout(e) ? new ChannelLockedException(append.lockedChannels(), failure) : failure;
        }
        try {
            handle.commit();
        } catch (RuntimeException e) {
            throw SqlErrors.isConflict(e)
                    ? SqlErrors.of(notStored(events), Outcome.NOT_STORED, e)
                    : SqlErrors.of(notKnown(events), Outcome.UNKNOWN, e);
        }
        return appended;
    }

    /**
     * {@inheritDoc}
     *
     * <p>If it fails, the transaction is as it was before it, unless the database has ended the transaction altogether.
     *
     * @param transaction a {@link JdbiStoreTransaction} or {@link ConnectionTransaction} of the same database
     * @throws IllegalArgumentException if it is any other
     * @throws IllegalStateException if it has ended
     */
    @Override
    public Appended append(StoreTransaction transaction, List<NewEvent> events) {
        Handle handle = openHandle(transaction);
        if (events.isEmpty()) {
            return NOTHING;
        }
        try {
            return appendWithin(handle, events);
        } catch (JdbiException | SQLException e) {
            throw SqlErrors.of(notStored(events), Outcome.NOT_STORED, e);
        }
    }

    private Appended appendWithin(Handle handle, List<NewEvent> events) throws SQLException {
        try {
            return Transactions.allOrNothing(handle, () -> appendUncommitted(handle, events, false));
        } catch (JdbiException e) {
            if (!SqlErrors.isDuplicate(e)) {
                throw e;
            }
            return Transactions.allOrNothing(handle, () -> appendUncommitted(handle, events, true));
        }
    }

    private Appended appendUncommitted(Handle handle, List<NewEvent> events, boolean again) {
        Append append = new Append(handle, transactions.dialect(handle), LockWait.OF_DATABASE, events, rows);
        append.createChannelsInOrder();
        return append.run(clock.millis(), again);
    }

    /**
     * {@inheritDoc}
     *
     * <p>That is so if the transaction sees the event and others do not. It takes two queries, one of them in the transaction.
     */
    @Override
    public boolean isUncommitted(StoreTransaction transaction, Event event) {
        try {
            return reaches(channels(openHandle(transaction)), event)
                    && !transactions.withHandle(
                            handle -> reaches(channels(handle), event),
                            () -> "channel \"" + event.channel() + "\" was not read");
        } catch (JdbiException | IllegalStateException e) {
            return false; // the transaction has ended, or can only be rolled back
        }
    }

    private static boolean reaches(ChannelDao channels, Event event) {
        ChannelRow channel = channels.find(List.of(event.channel())).get(event.channel());
        return channel != null
                && channel.epoch().equals(event.id().epoch())
                && channel.newest() >= event.id().sequence();
    }

    private static Handle openHandle(StoreTransaction transaction) {
        if (transaction instanceof JdbiStoreTransaction ours) {
            JdbiStoreTransaction.requireTransaction(ours.handle());
            return ours.handle();
        } else if (transaction instanceof ConnectionTransaction ours) {
            return ours.handle();
        }
        throw new IllegalArgumentException("this store cannot send within a "
                + transaction.getClass().getName()
                + "; give it a JdbiStoreTransaction around the handle, or a ConnectionTransaction");
    }

    /** The outbox, if appends write to it. */
    @Override
    public Optional<Outbox> outbox() {
        return rows ? Optional.of(outbox) : Optional.empty();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The channel is read first, then its events, and neither is locked. That suffices. If the channel honours the
     * position, the events right after it, up to the channel's newest, were all committed before the events are read, and no
     * others are asked for; so an append meanwhile changes nothing. A trim meanwhile removes the oldest. So the events are
     * all there, or they begin later or are not there, and then the one right after the position was indeed trimmed.
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
                    return row.honours(after)
                            ? read(handle, row, after, limit)
                            : new EventPage.PositionUnavailable(row.newestPosition());
                },
                () -> "channel \"" + channel + "\" was not read");
    }

    private static EventPage read(Handle handle, ChannelRow channel, EventId after, PageLimit limit) {
        List<Event> events = new EventDao(handle).read(channel, after.sequence(), limit);
        boolean hasMore = after.sequence() + events.size() < channel.newest();
        return events.isEmpty() && hasMore
                ? new EventPage.PositionUnavailable(channel.newestPosition())
                : new EventPage.Range(events, hasMore);
    }

    @Override
    public Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        Map<ChannelName, EventId> newest = new HashMap<>();
        channels.forEach(channel -> newest.put(channel, EventId.NONE));
        transactions
                .withHandle(
                        handle -> channels(handle).find(newest.keySet()),
                        () -> "the newest events of " + newest.size() + " channel(s) were not read")
                .forEach((channel, row) -> newest.put(channel, row.newestPosition()));
        return newest;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The low-water marks are raised in a short transaction of their own; it is all that locks a channel, for deleting
     * does not. Should the process end between the two, the events are below the mark and not read any more, and the next
     * call finds and deletes them.
     *
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    @Override
    public int trim(Instant before, int batch) {
        requireSome(batch);
        return transactions.withHandle(
                handle -> trim(handle, before.toEpochMilli(), batch),
                () -> "events sent before " + before + " were not trimmed");
    }

    private int trim(Handle handle, long before, int batch) {
        List<TrimRange> oldest = new EventDao(handle).oldest(before, batch);
        if (oldest.isEmpty()) {
            return 0;
        }
        return trim(handle, oldest);
    }

    private int trim(Handle handle, List<TrimRange> ranges) {
        Transactions.inTransaction(handle, () -> channels(handle).raiseTrimmed(ranges));
        // locks no gap between the events, where others insert
        Transactions.readCommitted(handle, () -> {
            new EventDao(handle).delete(ranges);
            return ranges;
        });
        return ranges.stream().mapToInt(TrimRange::events).sum();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Locks as {@link #trim(Instant, int)}.
     *
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    @Override
    public int trim(ChannelName channel, TrimLimit keep, int batch) {
        requireSome(batch);
        return transactions.withHandle(
                handle -> {
                    ChannelRow row = channels(handle).find(List.of(channel)).get(channel);
                    return row == null ? 0 : trim(handle, row, keep, batch);
                },
                () -> "channel \"" + channel + "\" was not trimmed");
    }

    private int trim(Handle handle, ChannelRow channel, TrimLimit keep, int batch) {
        long mark = channel.trimmedThrough();
        long through = Math.min(mark + batch, channel.newest() - keep.events());
        if (keep.since().isAfter(Instant.EPOCH) && through < mark + batch) {
            through = Math.max(through, new EventDao(handle).lastBefore(channel, keep.since(), batch));
        }
        if (through <= mark) {
            return 0;
        }
        int events = Math.toIntExact(through - mark);
        return trim(handle, List.of(new TrimRange(channel.name(), channel.id(), through, events)));
    }

    private static void requireSome(int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("a trim of " + batch + " events; allowed is 1 or more");
        }
    }

    @Override
    public List<ChannelStats> stats(String after, int limit) {
        return transactions.withHandle(
                handle -> channels(handle).stats(after, limit), () -> "the channels were not looked through");
    }

    /**
     * {@inheritDoc}
     *
     * <p>Also looks whether H2 writes each commit before it reports it.
     */
    @Override
    public void check() {
        transactions.withHandle(
                handle -> {
                    int rowsRead = readColumns(handle);
                    transactions.dialect(handle).check(handle);
                    return rowsRead;
                },
                () -> CANNOT_READ);
    }

    private int readColumns(Handle handle) {
        try {
            return new EventDao(handle).readColumns();
        } catch (JdbiException e) {
            if (SqlErrors.isNotMigrated(e)) {
                throw new EventStoreException(
                        CANNOT_READ + ": " + SqlErrors.NOT_MIGRATED
                                + transactions.dialect(handle).howToMigrate(handle),
                        Throwables.getRootCause(e));
            }
            throw e;
        }
    }

    private ChannelDao channels(Handle handle) {
        return new ChannelDao(handle, transactions.dialect(handle));
    }

    private static String notStored(List<NewEvent> events) {
        return events.size() + " event(s) were not stored, the first an " + events.get(0);
    }

    private static String notKnown(List<NewEvent> events) {
        return "whether " + events.size() + " event(s) are stored is not known, the first an " + events.get(0);
    }
}
