package dev.eventstream.event;

import dev.eventstream.channel.ChannelName;
import java.util.Set;

/**
 * An event that was sent: a committed entry in its channel's log, or one of a channel that is not stored.
 *
 * <p>Immutable.
 *
 * @param channel its channel
 * @param id its position in the channel; {@link EventId#NONE} if the channel is not stored
 * @param type its type
 * @param data the text that readers get
 * @param skipUsers users that must not get it
 */
public record Event(ChannelName channel, EventId id, EventType type, String data, Set<String> skipUsers) {
    public Event {
        skipUsers = Set.copyOf(skipUsers);
    }

    /** The event that has this position in the log. */
    public static Event stored(NewEvent event, EventId id) {
        return new Event(event.channel(), id, event.type(), event.data(), event.skipUsers());
    }

    /** An event without a position, because its channel is not stored. */
    public static Event unstored(NewEvent event) {
        return stored(event, EventId.NONE);
    }

    /** Whether the event is in the log, so that a reader that missed it gets it later. */
    public boolean isStored() {
        return !id.isNone();
    }

    /** Whether it finishes its channel. If so, it has no data, and readers are not shown it as an event. */
    public boolean isEnd() {
        return type.equals(EventType.END);
    }

    /** The position of the event before it in the channel; {@link EventId#NONE} for the first. */
    public EventId previous() {
        return id.previous();
    }

    /** Whether the named user must not get it. */
    public boolean skips(String user) {
        return skipUsers.contains(user);
    }

    /** Names the position, never the data. */
    @Override
    public String toString() {
        return "event " + id + " of channel \"" + channel + '"';
    }
}
