package dev.eventstream.publisher;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * One sender's events, and the turn and the result that the sender waits for.
 *
 * <p>{@link SendQueue} gives turns, and the sender takes them. Ordered by arrival. Thread-safe, except for the number.
 */
final class PendingSend implements Comparable<PendingSend> {
    /** What a sender does next. */
    enum Turn {
        /** It commits batches. */
        LEAD,
        /** It tries to store the sends that wait for locked channels. */
        PROBE,
        /** It has its result. */
        DONE
    }

    private final List<NewEvent> events;
    private final Set<ChannelName> channels;
    private final long characters;
    private final long since;
    private final CompletableFuture<List<Event>> result = new CompletableFuture<>();

    // replaced by the sender when it takes its turn, and only then given the next turn
    private volatile CompletableFuture<Turn> turn = new CompletableFuture<>();

    // guarded by the queue; set once
    private long number;

    /**
     * @param events at least one
     * @param since when the sender began to wait, by the ticker
     */
    PendingSend(List<NewEvent> events, long since) {
        this.events = events;
        this.channels = events.size() == 1
                ? Set.of(events.get(0).channel())
                : events.stream().map(NewEvent::channel).collect(Collectors.toCollection(LinkedHashSet::new));
        this.characters =
                events.stream().mapToLong(event -> event.data().length()).sum();
        this.since = since;
    }

    List<NewEvent> events() {
        return events;
    }

    Set<ChannelName> channels() {
        return channels;
    }

    /** Whether it finishes the channel. */
    boolean ends(ChannelName channel) {
        return events.stream()
                .anyMatch(event -> event.isEnd() && event.channel().equals(channel));
    }

    /** Whether the store may accept an event although its channel is finished: an end, or a repetition of an event. */
    boolean mayRepeat() {
        return events.stream()
                .anyMatch(event -> event.isEnd() || event.idempotencyKey().isPresent());
    }

    long characters() {
        return characters;
    }

    long since() {
        return since;
    }

    void arriveAs(long position) {
        this.number = position;
    }

    @Override
    public int compareTo(PendingSend other) {
        return Long.compare(number, other.number);
    }

    // ---- for those who commit

    boolean isDone() {
        return result.isDone();
    }

    void succeed(List<Event> stored) {
        result.complete(List.copyOf(stored));
        turn.complete(Turn.DONE);
    }

    void fail(Throwable cause) {
        result.completeExceptionally(cause);
        turn.complete(Turn.DONE);
    }

    /**
     * Fails because the sender no longer waits.
     *
     * @param isTakenBack whether the events are certainly not stored
     */
    void abandon(boolean isTakenBack, String reason, Exception cause) {
        fail(new EventStoreException(
                this + (isTakenBack ? " were not stored: " : " may have been stored or not: ") + reason,
                isTakenBack ? Outcome.NOT_STORED : Outcome.UNKNOWN,
                cause));
    }

    void give(Turn next) {
        turn.complete(next);
    }

    // ---- for the sender

    boolean hasTurn() {
        return turn.isDone();
    }

    /** Waits for the next turn and takes it. */
    Turn takeTurn(long nanos) throws InterruptedException, TimeoutException {
        try {
            turn.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("a turn never fails", e);
        }
        return takeTurn();
    }

    /** Takes the turn that it has. */
    Turn takeTurn() {
        Turn taken = turn.join();
        if (taken != Turn.DONE) {
            turn = new CompletableFuture<>();
        }
        return taken;
    }

    /** The events as stored; call it once the send is done. */
    List<Event> result() {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw ownException(e.getCause() == null ? e : e.getCause());
        }
    }

    // many senders may share one failure: each throws a separate exception, with the stack of its thread
    private EventStoreException ownException(Throwable cause) {
        if (cause instanceof ChannelFinishedException finished) {
            return new ChannelFinishedException(finished.channels(), finished);
        }
        if (cause instanceof EventStoreException failure) {
            return new EventStoreException(String.valueOf(failure.getMessage()), failure.outcome(), failure);
        }
        return new EventStoreException(
                "the store failed unexpectedly; " + this + " may have been stored or not", Outcome.UNKNOWN, cause);
    }

    @Override
    public String toString() {
        String first = "\"" + channels.iterator().next() + '"';
        return events.size() + " event(s) for channel " + first
                + (channels.size() == 1 ? "" : " and " + (channels.size() - 1) + " more");
    }
}
