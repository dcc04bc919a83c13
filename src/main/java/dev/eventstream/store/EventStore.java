package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a log for each channel.
 *
 * <p>Ids of a channel are gap-free and in commit order, and no id is ever used for two committed events. Every read sees
 * all that was committed before it began.
 *
 * <p>Thread-safe. Every method blocks for as long as the database takes and throws {@link EventStoreException} if it
 * fails.
 */
public interface EventStore {

    /** The limit of {@link #append(List)}. */
    Duration MAX_LOCK_WAIT = Duration.ofSeconds(10);

    /**
     * Appends the events in a transaction of the store's own: all of them or none. They are durable when it returns.
     *
     * <p>Channels that other writers have locked are waited for, but not without a limit.
     *
     * @param maxLockWait how long to wait for locks; zero to wait for none
     * @throws ChannelLockedException if a channel stayed locked for that long; then nothing was stored
     */
    Appended append(List<NewEvent> events, Duration maxLockWait);

    /** Appends as {@link #append(List, Duration)}, with a limit of {@link #MAX_LOCK_WAIT}. */
    default Appended append(List<NewEvent> events) {
        return append(events, MAX_LOCK_WAIT);
    }

    /**
     * Appends the events in the application's transaction. Their channels are locked against other writers until it
     * ends. How long to wait for locks is the application's choice.
     *
     * @return what is true once the transaction has committed, unless it was rolled back to a savepoint set before
     */
    Appended append(StoreTransaction transaction, List<NewEvent> events);

    /**
     * Whether an event that was appended in the application's transaction is still part of it: the transaction has not ended, and
     * was not rolled back to a savepoint set before the append. False in doubt.
     *
     * @param event as the append returned it
     */
    default boolean isUncommitted(StoreTransaction transaction, Event event) {
        return false;
    }

    /**
     * The events that were committed and may not have been announced, if this store remembers them. A store without an outbox
     * is complete for direct streams, which ask the log. Behind a proxy, readers wait for the channel's next event, or for
     * the proxy's own check, if a process ends between a commit and its announcement.
     */
    default Optional<Outbox> outbox() {
        return Optional.empty();
    }

    /**
     * Reads what follows a position in a channel.
     *
     * @param after where to start; {@link EventId#NONE} for the beginning of the log
     * @param limit how much to read at most
     * @return the events right after that position, contiguous and in order, or the news that the position cannot be honoured
     */
    EventPage readAfter(ChannelName channel, EventId after, PageLimit limit);

    /**
     * The newest event's position in each channel; {@link EventId#NONE} for one that has no log.
     *
     * @return an entry for every channel asked for
     */
    Map<ChannelName, EventId> newest(Collection<ChannelName> channels);

    /**
     * Removes events that were sent before a time, oldest first, and raises the low-water marks of their channels. Several
     * nodes may trim at once.
     *
     * @param before events sent earlier are removed
     * @param batch how many events to remove at most
     * @return how many were removed; fewer than {@code batch} when there are no more
     */
    int trim(Instant before, int batch);

    /**
     * Removes events of one channel that are not to be kept, oldest first, and raises its low-water mark.
     *
     * @param batch how many events to remove at most
     * @return how many were removed; fewer than {@code batch} when there are no more
     */
    int trim(ChannelName channel, TrimLimit keep, int batch);

    /**
     * How much there is of each channel, page by page, in an order of the names that never changes.
     *
     * @param after the last name of the page before; the empty text for the first page
     * @param limit how many channels at most
     * @return fewer than {@code limit} when there are no more
     */
    List<ChannelStats> stats(String after, int limit);

    /**
     * Looks whether the log can be read and is of the shape this version needs.
     *
     * @throws EventStoreException if not; the message says what to do
     */
    void check();
}
