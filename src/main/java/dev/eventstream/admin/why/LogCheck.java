package dev.eventstream.admin.why;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the log says about an event.
 *
 * <p>Thread-safe. Two queries.
 */
final class LogCheck {
    private static final PageLimit ONE = new PageLimit(1, 1);

    private final EventStore store;
    private final StoredChannels stored;

    LogCheck(EventStore store, StoredChannels stored) {
        this.store = store;
        this.stored = stored;
    }

    /**
     * The result.
     *
     * @param findings the reasons why nobody receives the event
     * @param found the event; null if it is not in the log
     * @param newest the position of the channel's newest event
     * @param mayHaveBeenDelivered whether streams can have passed it
     */
    record Result(List<Finding> findings, @Nullable Event found, EventId newest, boolean mayHaveBeenDelivered) {
        Optional<Event> event() {
            return Optional.ofNullable(found);
        }
    }

    Result check(ChannelName channel, EventId id) {
        if (!stored.isStored(channel)) {
            return without(
                    Cause.UNSTORED,
                    "The channel is not stored (eventStream.unstored): its events have no ids and are delivered once, to the"
                            + " streams that are open then. A stream that cannot take one gets stream-reset. Nothing is kept, so"
                            + " this node cannot tell what became of it.",
                    EventId.NONE);
        }
        EventId newest = store.ends(List.of(channel))
                .getOrDefault(channel, LogEnd.open(EventId.NONE))
                .newest();
        if (newest.isNone()) {
            return without(
                    Cause.NO_LOG,
                    "Nothing was ever committed to this channel. Compare the name with the one that the sender uses, and see"
                            + " whether its transaction was rolled back.",
                    newest);
        }
        return id.isNone() || !id.epoch().equals(newest.epoch())
                ? without(Cause.OTHER_EPOCH, otherEpoch(id, newest), newest)
                : find(channel, id, newest);
    }

    private static String otherEpoch(EventId id, EventId newest) {
        return "The id " + id + " belongs to another log: the channel's epoch is " + newest.epoch()
                + " now. The database was replaced or restored, the log was deleted, or the channel was reopened. A reader who"
                + " comes back with such an id gets stream-reset.";
    }

    private Result find(ChannelName channel, EventId id, EventId newest) {
        if (id.sequence() > newest.sequence()) {
            return without(
                    Cause.NOT_COMMITTED,
                    "There is no such event: the newest one of the channel is " + newest
                            + ". A transaction that has not ended, or was rolled back, delivers nothing.",
                    newest);
        }
        List<Event> events = store.readAfter(channel, id.previous(), ONE) instanceof EventPage.Range range
                ? range.events()
                : List.of();
        if (events.isEmpty() || !events.get(0).id().equals(id)) {
            Finding trimmed = Finding.of(
                    Cause.TRIMMED,
                    "It is not in the log any more: eventStream.retention or a trim has removed it. A reader who comes back"
                            + " from a position before it gets stream-reset.");
            return new Result(List.of(trimmed), null, newest, true);
        }
        return new Result(notes(channel, events.get(0), newest), events.get(0), newest, true);
    }

    private List<Finding> notes(ChannelName channel, Event event, EventId newest) {
        List<Finding> notes = new ArrayList<>();
        if (event.isEnd()) {
            notes.add(Finding.of(
                    Cause.END_OF_CHANNEL,
                    "This is the end of the channel. Readers are not shown it as an event: once all channels of a stream are"
                            + " finished, it ends with stream-end."));
        }
        if (isSkippable(channel, event.id(), newest)) {
            notes.add(Finding.of(
                    Cause.LATEST,
                    "The channel is latest (eventStream.latest), and there are newer events, up to " + newest
                            + ". A reader who was behind has skipped to the newest one."));
        }
        return notes;
    }

    /** Whether readers may have skipped an event without a reset. */
    boolean isSkippable(ChannelName channel, EventId id, EventId newest) {
        return stored.isLatest(channel) && id.sequence() < newest.sequence();
    }

    private static Result without(Cause cause, String text, EventId newest) {
        return new Result(List.of(Finding.of(cause, text)), null, newest, false);
    }
}
