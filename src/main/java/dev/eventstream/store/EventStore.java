package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a log for each channel.
 *
 * <p>Ids of a channel are gap-free and in commit order, and no id is ever used for two committed events. Every read sees
 * all that was committed before it began.
 *
 * <p>An event that {@linkplain NewEvent#isEnd() ends} a channel finishes it. That event has an id and is stored like any other, so its
 * order among the other events is certain. From then on, even after that event is trimmed, an append to the channel fails with
 * {@link ChannelFinishedException}. There are two exceptions: an event whose idempotency key is in the log returns the event that was
 * stored first, and another end returns the end. {@link EventPage} and {@link #ends} show whether an event can follow.
 *
 * <p>Thread-safe. Every method blocks for as long as the database takes and throws {@link EventStoreException} if it
 * fails.
 */
public interface EventStore {

    /** The limit of {@link #append(List)}. */
    Duration MAX_LOCK_WAIT = Duration.ofSeconds(10);

    /**
     * Appends all of the events or none, in a new transaction. They are durable when it returns.
     *
     * @param maxLockWait how long to wait for channels that other writers have locked; zero not to wait
     * @throws ChannelLockedException if a channel stayed locked for that long; nothing is stored then
     * @throws ChannelFinishedException if an event belongs to a finished channel, or follows the end of its channel in the list; nothing
     *     is stored then
     */
    Appended append(List<NewEvent> events, Duration maxLockWait);

    /** Appends as {@link #append(List, Duration)}, with a limit of {@link #MAX_LOCK_WAIT}. */
    default Appended append(List<NewEvent> events) {
        return append(events, MAX_LOCK_WAIT);
    }

    /**
     * Appends the events in the application's transaction, which locks their channels against other writers until it
     * ends. The application's settings decide how long it waits for locks.
     *
     * @return what holds once the transaction has committed, unless it was rolled back to an earlier savepoint
     * @throws ChannelFinishedException as above; the transaction is as it was before
     */
    Appended append(StoreTransaction transaction, List<NewEvent> events);

    /**
     * Whether an event that was appended in the application's transaction is still an uncommitted part of it: the transaction has
     * not ended, and was not rolled back to a savepoint set before the append. False in doubt; the default is always false.
     *
     * @param event as the append returned it
     */
    default boolean isUncommitted(StoreTransaction transaction, Event event) {
        return false;
    }

    /**
     * The events that were committed and may not have been announced, if this store records them. Direct streams need no
     * outbox, because they read the log. Behind a proxy, without an outbox, if a process ends between a commit and its
     * announcement, readers wait for the channel's next event or for the proxy's next check.
     */
    default Optional<Outbox> outbox() {
        return Optional.empty();
    }

    /**
     * Reads the events that follow a position in a channel.
     *
     * @param after where to start; {@link EventId#NONE} for the beginning of the log
     * @param limit how much to read at most
     * @return the events right after that position, contiguous and in order, or that the position cannot be honoured
     */
    EventPage readAfter(ChannelName channel, EventId after, PageLimit limit);

    /**
     * The position of the newest event in each channel; {@link EventId#NONE} for a channel without a log.
     *
     * @return one entry per channel in the argument
     */
    Map<ChannelName, EventId> newest(Collection<ChannelName> channels);

    /**
     * Where the logs of the channels end, and whether the channels are finished. A store whose channels can be finished must override
     * this; by default, no channel is finished.
     *
     * @return one entry per channel in the argument
     */
    default Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
        Map<ChannelName, LogEnd> ends = new HashMap<>();
        newest(channels).forEach((channel, newest) -> ends.put(channel, LogEnd.open(newest)));
        return ends;
    }

    /**
     * Opens a finished channel again. Its log gets a new epoch, so all earlier positions become unavailable, and readers who return
     * from one are reset. Sequences continue, and stored events stay. Nothing happens if the channel is not finished.
     *
     * @throws ChannelLockedException if the channel stayed locked for {@link #MAX_LOCK_WAIT}
     * @throws UnsupportedOperationException if the store cannot do this, as by default
     */
    default void reopen(ChannelName channel) {
        throw new UnsupportedOperationException(getClass().getName() + " cannot reopen channel \"" + channel + '"');
    }

    /**
     * Where the logs of the channels end as the application's transaction sees it, including the events that the transaction itself has
     * appended. A store in a database answers from the state that the transaction's other queries see, so that the positions belong
     * to what they return.
     *
     * @return one entry per channel in the argument
     * @throws IllegalStateException if the transaction has ended, or its queries need not see the same state
     */
    Map<ChannelName, LogEnd> ends(StoreTransaction transaction, Collection<ChannelName> channels);

    /**
     * The channels to which events were sent at or after a time, each with the newest of these events. The cost depends only on the
     * number of these events, not on the number of channels. An event is stamped before its transaction commits, and by its sender's
     * clock. So callers must ask for times that overlap, and from time to time for {@link #newest}.
     *
     * @return empty if this store cannot tell, as by default; callers then use {@link #newest} alone
     */
    default Optional<Map<ChannelName, EventId>> newestSince(Instant time) {
        return Optional.empty();
    }

    /**
     * The positions at which a new reader of channels starts: exactly the events that the limit admits follow each position. If an event
     * that was sent before the limit's time follows one that was not, because a clock was wrong, the reader starts after it. The cost is
     * one query for all channels. With a time, each channel costs one more query, which reads no more events than the limit admits. A
     * call without channels makes no query, so an application that starts can use it to ask whether the store finds positions.
     *
     * @return one entry per channel in the argument, {@link EventId#NONE} if its log is admitted from the beginning or does not exist.
     *     Empty if this store does not find positions, as by default; an application with a route whose streams may start earlier than
     *     now then does not start
     */
    default Optional<Map<ChannelName, EventId>> startPositions(Collection<ChannelName> channels, StartLimit limit) {
        return Optional.empty();
    }

    /**
     * Gives a channel's log a new epoch after it has gone back to an earlier state, for example because a replica that had not
     * received everything replaced the database. All positions of the old epoch then become unavailable, which resets their readers.
     * Sequences continue. By default this does nothing, and only the streams of the node that asks for it are reset.
     *
     * @param epoch the old epoch; if the log has another one by now, nothing is changed
     * @throws ChannelLockedException if another transaction has locked the channel; it does not wait
     */
    default void renewEpoch(ChannelName channel, String epoch) {}

    /**
     * Removes events that were sent before a time, oldest first, and raises the low-water marks of their channels. Several
     * nodes may trim at the same time.
     *
     * @param before events sent earlier are removed
     * @param batch how many events to remove at most
     * @return how many were removed; fewer than {@code batch} if none is left
     */
    int trim(Instant before, int batch);

    /**
     * Removes the events of one channel that a limit excludes, oldest first, and raises the channel's low-water mark.
     *
     * @param batch how many events to remove at most
     * @return how many were removed; fewer than {@code batch} if none is left
     */
    int trim(ChannelName channel, TrimLimit keep, int batch);

    /**
     * The size of each channel, page by page, in an order of the names that never changes.
     *
     * @param after the last name of the previous page; empty for the first page
     * @param limit how many channels to return at most
     * @return fewer than {@code limit} if there are no more
     */
    List<ChannelStats> stats(String after, int limit);

    /**
     * The approximate size of all logs together. It is read once a minute on each node, so it must not read the events.
     *
     * @return empty if this store cannot tell, which is the default
     */
    default Optional<LogSize> size() {
        return Optional.empty();
    }

    /**
     * Checks that the log can be read and has the structure that this version needs.
     *
     * @throws EventStoreException otherwise; the message says what to do
     */
    void check();
}
