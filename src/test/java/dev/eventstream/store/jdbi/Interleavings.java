package dev.eventstream.store.jdbi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StoreTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Runs the steps of several transactions in random order, each on a separate connection. Writers change a stock and send the
 * change; readers read the stock and the positions. One thread runs all steps, so a seed repeats them.
 *
 * <p>Confined to one thread.
 */
final class Interleavings implements AutoCloseable {
    /** Transactions that read in one run. */
    static final int READERS = 5;

    private static final int WRITERS = 2;
    private static final List<ChannelName> ITEMS =
            List.of(new ChannelName("apples"), new ChannelName("pears"), new ChannelName("plums"));
    private static final PageLimit ALL = new PageLimit(100_000, Integer.MAX_VALUE);

    private final JdbiEventStore store;
    private final TestDatabase database;
    private final PositionRead positionRead;
    private final List<Handle> writing = new ArrayList<>();
    private final List<Handle> reading = new ArrayList<>();
    private final Set<ChannelName> locked = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();
    private Random random = new Random(0);
    private int commits;
    private int changedMeanwhile;

    /** How a reader reads positions. */
    interface PositionRead {
        Map<ChannelName, EventId> read(
                EventStore store, StoreTransaction transaction, Collection<ChannelName> channels);
    }

    /** One step of a transaction. */
    private interface Step {
        void run() throws SQLException;
    }

    /**
     * @param level the isolation level of the readers, as JDBC counts them
     */
    Interleavings(TestDatabase database, int level, PositionRead positionRead) throws SQLException {
        this.database = database;
        this.positionRead = positionRead;
        database.migrate();
        this.store = new JdbiEventStore(database.jdbi(), Clock.systemUTC(), true);
        database.jdbi().useHandle(handle -> {
            handle.execute("CREATE TABLE stock (item VARCHAR(20) PRIMARY KEY, amount BIGINT NOT NULL)");
            ITEMS.forEach(item -> handle.execute("INSERT INTO stock VALUES (?, 0)", item.value()));
        });
        ITEMS.forEach(item -> store.append(List.of(change(item, 0))));
        for (int i = 0; i < WRITERS; i++) {
            writing.add(open(Connection.TRANSACTION_READ_COMMITTED));
        }
        for (int i = 0; i < READERS; i++) {
            reading.add(open(level));
        }
    }

    private Handle open(int level) throws SQLException {
        Connection connection = database.connect();
        connection.setTransactionIsolation(level);
        connection.setAutoCommit(false);
        return Jdbi.create(connection).open();
    }

    /** Descriptions of the reads whose state and events did not add up to the state of the server. */
    List<String> wrong() {
        return wrong;
    }

    /** How many reading transactions saw a commit between their first step and their last. */
    int changedMeanwhile() {
        return changedMeanwhile;
    }

    /** Runs the writers and the readers, and compares what each reader has with the state of the server. */
    void run(int seed) throws SQLException {
        random = new Random(seed);
        List<Reading> readings = new ArrayList<>();
        List<List<Step>> transactions = new ArrayList<>();
        writing.forEach(handle -> transactions.add(new ArrayList<>(List.of(() -> {}))));
        for (Handle handle : reading) {
            Reading read = new Reading(handle);
            readings.add(read);
            transactions.add(read.steps());
        }
        int[] rounds = {1 + random.nextInt(3), 1 + random.nextInt(3)};
        while (transactions.stream().anyMatch(steps -> !steps.isEmpty())) {
            int next = random.nextInt(transactions.size());
            List<Step> steps = transactions.get(next);
            if (!steps.isEmpty()) {
                steps.remove(0).run();
            }
            if (steps.isEmpty() && next < writing.size() && rounds[next]-- > 0) {
                steps.addAll(change(writing.get(next)));
            }
        }
        Map<ChannelName, Long> now = database.jdbi().withHandle(handle -> {
            Map<ChannelName, Long> amounts = new HashMap<>();
            ITEMS.forEach(item -> amounts.put(item, amount(handle, item)));
            return amounts;
        });
        Map<ChannelName, List<Event>> logged = logged(readings);
        for (Reading read : readings) {
            Map<ChannelName, Long> seen = read.with(logged);
            if (!seen.equals(now)) {
                wrong.add("seed " + seed + ": " + seen + " instead of " + now);
            }
        }
    }

    /** The events of each channel after the earliest position that was read. */
    private Map<ChannelName, List<Event>> logged(List<Reading> readings) {
        Map<ChannelName, List<Event>> logged = new HashMap<>();
        for (ChannelName item : ITEMS) {
            EventId earliest = readings.stream()
                    .map(read -> read.position(item))
                    .min(Comparator.comparing(EventId::sequence))
                    .orElseThrow();
            EventPage page = store.readAfter(item, earliest, ALL);
            assertThat(page).isInstanceOf(EventPage.Range.class);
            logged.put(item, ((EventPage.Range) page).events());
        }
        return logged;
    }

    // ---- writers

    /** The steps of a transaction that changes items which no other writer has locked. */
    private List<Step> change(Handle handle) {
        List<ChannelName> free = new ArrayList<>(ITEMS);
        free.removeAll(locked);
        Collections.shuffle(free, random);
        List<ChannelName> items = free.subList(0, Math.min(free.size(), 1 + random.nextInt(2)));
        locked.addAll(items);
        List<Step> steps = new ArrayList<>();
        for (ChannelName item : items) {
            long by = 1L + random.nextInt(9);
            Step update = () -> handle.execute("UPDATE stock SET amount = amount + ? WHERE item = ?", by, item.value());
            Step send =
                    () -> store.append(new ConnectionTransaction(handle.getConnection()), List.of(change(item, by)));
            boolean sendsFirst = random.nextBoolean();
            steps.add(sendsFirst ? send : update);
            steps.add(sendsFirst ? update : send);
        }
        boolean commits = random.nextInt(4) != 0;
        steps.add(() -> {
            if (commits) {
                handle.getConnection().commit();
                this.commits++;
            } else {
                handle.getConnection().rollback();
            }
            locked.removeAll(items);
        });
        return steps;
    }

    private static NewEvent change(ChannelName item, long by) {
        return NewEvent.text(item.value(), "changed", Long.toString(by));
    }

    // ---- readers

    /** What one transaction reads, in random order. */
    private final class Reading {
        private final Handle handle;
        private final Map<ChannelName, Long> amounts = new HashMap<>();
        private final Map<ChannelName, EventId> positions = new HashMap<>();
        private int commitsBefore;

        Reading(Handle handle) {
            this.handle = handle;
        }

        List<Step> steps() {
            List<Step> steps = new ArrayList<>();
            ITEMS.forEach(item -> steps.add(() -> amounts.put(item, amount(handle, item))));
            steps.add(() -> positions.putAll(
                    positionRead.read(store, new ConnectionTransaction(handle.getConnection()), ITEMS)));
            Collections.shuffle(steps, random);
            steps.add(1, () -> commitsBefore = commits);
            steps.add(() -> {
                handle.getConnection().commit();
                changedMeanwhile += commits > commitsBefore ? 1 : 0;
            });
            return steps;
        }

        EventId position(ChannelName item) {
            return requireNonNull(positions.get(item));
        }

        /** What was read, with the events after the positions that were read. */
        Map<ChannelName, Long> with(Map<ChannelName, List<Event>> logged) {
            Map<ChannelName, Long> result = new HashMap<>(amounts);
            logged.forEach((item, events) -> events.stream()
                    .filter(event -> event.id().sequence() > position(item).sequence())
                    .forEach(event -> result.merge(item, Long.parseLong(event.data()), Long::sum)));
            return result;
        }
    }

    private static long amount(Handle handle, ChannelName item) {
        return handle.createQuery("SELECT amount FROM stock WHERE item = ?")
                .bind(0, item.value())
                .mapTo(Long.class)
                .one();
    }

    /** The position of a channel before its first event and after it, in one reading transaction. */
    List<String> positionBeforeAndAfterCreation(ChannelName channel) throws SQLException {
        StoreTransaction transaction = new ConnectionTransaction(reading.get(0).getConnection());
        List<String> positions = new ArrayList<>();
        positions.add(String.valueOf(LogEnd.start(store.ends(transaction, List.of(channel)))
                .positions()
                .get(channel)));
        store.append(List.of(change(channel, 1)));
        positions.add(String.valueOf(LogEnd.start(store.ends(transaction, List.of(channel)))
                .positions()
                .get(channel)));
        return positions;
    }

    @Override
    public void close() throws SQLException {
        for (Handle handle : writing) {
            handle.getConnection().close();
        }
        for (Handle handle : reading) {
            handle.getConnection().close();
        }
    }
}
