package dev.eventstream.benchmarks.question.log;

import dev.eventstream.benchmarks.database.BulkLog;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.OutboxEntry;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.jdbi.JdbiEventStore;
import dev.eventstream.store.jdbi.JdbiOutbox;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/**
 * The bundle's work with a log, in pieces that can be timed one by one. It uses the store directly, without the threads and queues above
 * it.
 *
 * <p>Confined to one thread.
 */
final class LogWork {
    private static final String DATA = "x".repeat(100);
    private static final int PAGE = 100;
    private static final int MANY = 100;
    private static final int TRIM = 1_000;
    private static final int SWEEP = 200;

    private final BulkLog log;
    private final EventStore store;
    private final EventStore withOutbox;
    private final JdbiOutbox outbox;
    private Instant since = Instant.EPOCH;
    private List<OutboxEntry> claimed = List.of();

    /**
     * @param log that the database was filled with
     */
    LogWork(Jdbi jdbi, BulkLog log) {
        this.log = log;
        this.store = new JdbiEventStore(jdbi, Clock.systemUTC(), false);
        this.withOutbox = new JdbiEventStore(jdbi, Clock.systemUTC(), true);
        // its clock is ahead, so that new rows are due
        this.outbox = new JdbiOutbox(jdbi, Clock.offset(Clock.systemUTC(), JdbiOutbox.GRACE.plusSeconds(1)));
    }

    /**
     * A piece of work.
     *
     * @param times how often to time it in a round
     * @param before runs before each repetition, and is not timed
     * @param after runs after each repetition, and is not timed
     */
    record Piece(String name, int times, Runnable before, Runnable work, Runnable after) {
        Piece(String name, int times, Runnable work) {
            this(name, times, () -> {}, work, () -> {});
        }
    }

    /** All pieces, in the order in which they must run. */
    List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(
                "poll, nothing new", 200, () -> store.newestSince(Instant.now().minusSeconds(5))));
        pieces.add(new Piece("sweep, nothing due", 200, () -> outbox.claimDue(SWEEP)));
        pieces.add(new Piece("start at now", 200, () -> store.newest(List.of(new ChannelName(anyChannel())))));
        pieces.add(new Piece("page of 1", 500, () -> read(1)));
        if (log.perChannel() >= PAGE) {
            pieces.add(new Piece("page of " + PAGE, 200, () -> read(PAGE)));
        }
        pieces.add(new Piece("append", 500, () -> store.append(List.of(event()))));
        pieces.add(new Piece("append of " + MANY, 50, this::appendMany));
        pieces.add(new Piece(
                "poll, " + MANY + " new",
                50,
                () -> {
                    since = Instant.now();
                    appendMany();
                },
                () -> store.newestSince(since),
                () -> {}));
        pieces.add(new Piece(
                "sweep of " + SWEEP,
                10,
                () -> IntStream.range(0, SWEEP).forEach(i -> withOutbox.append(List.of(event()))),
                () -> claimed = outbox.claimDue(SWEEP),
                () -> outbox.delete(claimed)));
        pieces.add(new Piece("trim of " + TRIM, 5, () -> store.trim(Instant.now(), TRIM)));
        return pieces;
    }

    private void appendMany() {
        store.append(IntStream.range(0, MANY).mapToObj(i -> event()).toList());
    }

    private String anyChannel() {
        return SendLoad.channel(ThreadLocalRandom.current().nextInt(log.channels()));
    }

    private NewEvent event() {
        return NewEvent.text(anyChannel(), "message", DATA);
    }

    /** Reads a page from the younger half of any channel, because the oldest events are trimmed. */
    private void read(int events) {
        long half = log.perChannel() / 2;
        long after = half + ThreadLocalRandom.current().nextLong(Math.max(1, half - events));
        EventId position = after == 0 ? EventId.NONE : new EventId(BulkLog.EPOCH, after);
        ChannelName channel = new ChannelName(anyChannel());
        EventPage page = store.readAfter(channel, position, new PageLimit(events, 1_000_000));
        if (!(page instanceof EventPage.Range range) || range.events().size() < Math.min(events, 1)) {
            throw new IllegalStateException("nothing after " + position + " in channel " + channel);
        }
    }
}
