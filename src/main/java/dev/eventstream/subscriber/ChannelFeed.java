package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM knows of one channel that somebody here reads: where it stands, and its recent tail.
 *
 * <p>The position and the tail are guarded by the monitor, for request and catch-up threads look at them; they change only on
 * the fan-out thread, but for the first load. The other fields are confined to the fan-out thread.
 */
final class ChannelFeed {
    /** Events that a tail keeps at most. */
    static final int TAIL_EVENTS = 1_000;

    /** Bytes that a tail keeps at most. */
    static final int TAIL_BYTES = 1 << 20;

    /** Bytes that all tails together keep at most; a feed that would exceed it drops the oldest of its own. */
    static final long ALL_TAILS_BYTES = 64L << 20;

    /** What a feed makes of an announced event. */
    enum Verdict {
        /** It follows the last one: the feed stands there now. */
        NEXT,
        /** The feed stands there or beyond. */
        OLD,
        /** Something before it is missing here, or it is of another log: the log must be read. */
        GAP
    }

    private final ChannelName channel;
    private final boolean stored;
    private final AtomicLong allTails;
    private final AtomicReference<@Nullable CompletableFuture<EventId>> load = new AtomicReference<>();

    // guarded by this
    private @Nullable EventId last;
    private boolean missedWhileLoading;
    private final Deque<EncodedEvent> tail = new ArrayDeque<>();
    private long tailBytes;

    // fan-out thread only
    final Set<Cohort> cohorts = new LinkedHashSet<>();
    final Set<Subscription> lagging = new LinkedHashSet<>();
    boolean reading;
    boolean readAgain;
    int streams;
    private long unusedSinceNanos = System.nanoTime();

    ChannelFeed(ChannelName channel, boolean stored, AtomicLong allTails) {
        this.channel = channel;
        this.stored = stored;
        this.allTails = allTails;
    }

    ChannelName channel() {
        return channel;
    }

    boolean isStored() {
        return stored;
    }

    /**
     * Claims the first load of the feed for the caller, who must then complete the future.
     *
     * @return empty if the feed is loaded or somebody else loads it
     */
    Optional<CompletableFuture<EventId>> claimLoad() {
        CompletableFuture<EventId> mine = new CompletableFuture<>();
        return load.compareAndSet(null, mine) ? Optional.of(mine) : Optional.empty();
    }

    /** The first load, somebody else's perhaps; done or under way once {@link #claimLoad()} was called. */
    CompletableFuture<EventId> load() {
        CompletableFuture<EventId> claimed = load.get();
        return claimed == null ? CompletableFuture.failedFuture(new IllegalStateException("not claimed")) : claimed;
    }

    /** Gives the claim back after the load failed, so that the next reader tries again. */
    void abandonLoad() {
        load.set(null);
    }

    /**
     * Sets the position that was read from the log, unless the feed has one.
     *
     * @return whether events were announced while it was read, so that the feed may be behind already
     */
    synchronized boolean loaded(EventId newest) {
        if (last == null) {
            last = newest;
        }
        return missedWhileLoading;
    }

    /** Where the feed stands; empty while it is not loaded. */
    synchronized Optional<EventId> last() {
        return Optional.ofNullable(last);
    }

    /** Moves the feed to the announced event if it is the next one. */
    synchronized Verdict accept(EncodedEvent event) {
        EventId position = last;
        if (position == null) {
            missedWhileLoading = true;
            return Verdict.OLD;
        }
        if (event.id().previous().equals(position)) {
            last = event.id();
            remember(event);
            return Verdict.NEXT;
        }
        return isAtOrBefore(event.id(), position) ? Verdict.OLD : Verdict.GAP;
    }

    /** Whether the feed has yet to reach that position, or the position is of another log. */
    synchronized boolean isBehind(EventId newest) {
        return last != null && !isAtOrBefore(newest, last);
    }

    /** Puts the feed at a position that does not follow from where it was; the tail is forgotten. */
    synchronized void reset(EventId newest) {
        last = newest;
        forgetTail();
    }

    /**
     * The events after a position, as far as the tail reaches. It does not reach back to the position before any event: that is
     * of no log in particular, and a reader who was reset to it because the log is gone must not get the gone log's tail.
     *
     * @return empty if the tail does not reach back to that position; an empty list if the feed stands there
     */
    synchronized Optional<List<EncodedEvent>> after(EventId position) {
        if (position.equals(last)) {
            return Optional.of(List.of());
        }
        if (tail.isEmpty() || position.isNone() || !reaches(position)) {
            return Optional.empty();
        }
        List<EncodedEvent> events = new ArrayList<>();
        for (EncodedEvent event : tail) {
            if (event.id().sequence() > position.sequence()) {
                events.add(event);
            }
        }
        return Optional.of(events);
    }

    /** One stream fewer reads the channel. */
    void left() {
        streams--;
        unusedSinceNanos = System.nanoTime();
    }

    /** Whether no stream has read the channel for that long, so that the feed can be forgotten. */
    boolean isUnusedFor(Duration time, long nowNanos) {
        return streams == 0 && !reading && nowNanos - unusedSinceNanos > time.toNanos();
    }

    /** Lets go of the tail's memory. */
    synchronized void forgetTail() {
        allTails.addAndGet(-tailBytes);
        tailBytes = 0;
        tail.clear();
    }

    private boolean reaches(EventId position) {
        EventId beforeTail = tail.getFirst().id().previous();
        return position.equals(beforeTail)
                || (position.epoch().equals(tail.getFirst().id().epoch())
                        && position.sequence() >= beforeTail.sequence()
                        && position.sequence() <= tail.getLast().id().sequence());
    }

    private void remember(EncodedEvent event) {
        tail.addLast(event);
        tailBytes += event.length();
        long all = allTails.addAndGet(event.length());
        while (!tail.isEmpty() && (tail.size() > TAIL_EVENTS || tailBytes > TAIL_BYTES || all > ALL_TAILS_BYTES)) {
            int length = tail.removeFirst().length();
            tailBytes -= length;
            all = allTails.addAndGet(-length);
        }
    }

    // a position before any event is at or before every position
    private static boolean isAtOrBefore(EventId id, EventId position) {
        return id.isNone() || (id.epoch().equals(position.epoch()) && id.sequence() <= position.sequence());
    }
}
