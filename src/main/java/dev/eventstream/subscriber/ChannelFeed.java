package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.LogEnd;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How far this node knows the log of one stored channel, and its most recent events.
 *
 * <p>Thread-safe: the monitor guards position and tail, is held for a few instructions, and nothing is called under it.
 */
final class ChannelFeed {
    /** How an announced event relates to the feed's position. */
    enum Verdict {
        /** It follows the last one, and the feed has moved to it. */
        NEXT,
        /** The feed had reached it before. */
        OLD,
        /** The feed had reached another event with its id: the log has gone back to an earlier state. */
        CONTRADICTION,
        /** An event before it is missing here, or it belongs to another log: the log must be read. */
        GAP
    }

    /**
     * Recent events after a position.
     *
     * @param generation the feed's generation at that time
     */
    record Recent(List<EncodedEvent> events, int generation) {}

    private final ChannelName channel;
    private final AtomicReference<@Nullable CompletableFuture<EventId>> load = new AtomicReference<>();

    // guarded by this
    private @Nullable EventId last;
    private boolean isFinished;
    private boolean missedWhileLoading;
    private int generation;
    private final Tail tail = new Tail();

    ChannelFeed(ChannelName channel) {
        this.channel = channel;
    }

    ChannelName channel() {
        return channel;
    }

    /**
     * Claims the first load of the feed for the caller, who must then complete the future.
     *
     * @return empty if the feed is loaded or another thread loads it
     */
    Optional<CompletableFuture<EventId>> claimLoad() {
        CompletableFuture<EventId> mine = new CompletableFuture<>();
        return load.compareAndSet(null, mine) ? Optional.of(mine) : Optional.empty();
    }

    /** The first load, perhaps another thread's; done or under way once {@link #claimLoad()} was called. */
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
    synchronized boolean loaded(LogEnd end) {
        if (last == null) {
            last = end.newest();
            isFinished = end.isFinished();
        }
        return missedWhileLoading;
    }

    /** The feed's position; empty until it is loaded. */
    synchronized Optional<EventId> last() {
        return Optional.ofNullable(last);
    }

    /** Moves the feed to the event if it is the next one. */
    synchronized Verdict accept(EncodedEvent event) {
        EventId position = last;
        if (position == null) {
            missedWhileLoading = true;
            return Verdict.OLD;
        }
        if (event.id().previous().equals(position)) {
            tail.add(event);
            last = event.id();
            isFinished = event.isEnd();
            return Verdict.NEXT;
        }
        if (!isAtOrBefore(event.id(), position)) {
            return Verdict.GAP;
        }
        return tail.contradicts(event) ? Verdict.CONTRADICTION : Verdict.OLD;
    }

    /** Whether the feed has not reached that position, or the position belongs to another log. */
    synchronized boolean isBehind(EventId newest) {
        return last != null && !isAtOrBefore(newest, last);
    }

    /** Whether the channel is finished, and its log ends at that position. */
    synchronized boolean isFinishedAt(EventId position) {
        return isFinished && position.equals(last);
    }

    /** Moves the feed to an end that does not follow from the current position, and drops the tail. */
    synchronized void reset(LogEnd end) {
        last = end.newest();
        isFinished = end.isFinished();
        generation++;
        tail.clear();
    }

    /** Drops this event and those before it from the tail. */
    synchronized void forget(EncodedEvent event) {
        if (!tail.isEmpty() && last != null && event.id().epoch().equals(last.epoch())) {
            tail.dropUpTo(event.id().sequence());
        }
    }

    /**
     * The events after a position, if the tail has them. There is no answer for the position before any event: it belongs to no
     * particular log, and a reader who was reset to it because a log is gone must not get that log's tail.
     *
     * @return empty if the tail does not reach back to that position, or the feed is behind it; no events if it is the feed's
     *     position
     */
    synchronized Optional<Recent> after(EventId position, int max) {
        return position.isNone() && !position.equals(last) ? Optional.empty() : recent(position, max);
    }

    /** As above, for a reader that has followed this feed in the given generation, whose position may be before any event. */
    synchronized Optional<Recent> after(EventId position, int followed, int max) {
        return followed == generation ? recent(position, max) : Optional.empty();
    }

    /**
     * The newest event after a position, and the end of the channel if that follows it. The position before any event is allowed.
     *
     * @return empty if the tail does not have it, or the feed is behind the position; no events if it is the feed's position
     */
    synchronized Optional<List<EncodedEvent>> newestAfter(EventId position) {
        if (position.equals(last)) {
            return Optional.of(List.of());
        }
        return last == null || !isAtOrBefore(position, last) ? Optional.empty() : tail.newest(position.sequence());
    }

    private Optional<Recent> recent(EventId position, int max) {
        if (position.equals(last)) {
            return Optional.of(new Recent(List.of(), generation));
        }
        if (last == null || tail.isEmpty() || !isAtOrBefore(position, last) || position.sequence() < tail.first() - 1) {
            return Optional.empty();
        }
        return Optional.of(new Recent(tail.after(position.sequence(), max), generation));
    }

    // a position before any event is at or before every position
    private static boolean isAtOrBefore(EventId id, EventId position) {
        return id.isNone() || (id.epoch().equals(position.epoch()) && id.sequence() <= position.sequence());
    }
}
