package dev.eventstream.command;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.PageLimit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Follows the logs of some channels: each event once, in the order of its channel's log. A round without events costs one query.
 *
 * <p>Confined to one thread.
 */
final class LogTail {
    private static final PageLimit PAGE = new PageLimit(500, 4 << 20);

    private final EventStore store;
    private final Map<ChannelName, EventId> positions;

    /** Positions at which a channel had nothing more; a channel is read again when its log has another newest position. */
    private final Map<ChannelName, EventId> read = new LinkedHashMap<>();

    /** Gets what is found. Each method returns whether to continue. */
    interface Reader {
        boolean event(Event event);

        /** The position is not in the log any more; the tail continues after {@code newest}. */
        boolean reset(ChannelName channel, EventId position, EventId newest);

        /** The channel is finished; nothing follows. */
        boolean end(ChannelName channel);
    }

    /** @param positions where to begin, one for each channel */
    LogTail(EventStore store, Map<ChannelName, EventId> positions) {
        this.store = store;
        this.positions = new TreeMap<>(positions);
    }

    /** Whether every channel is finished and read to its end. */
    boolean isDone() {
        return positions.isEmpty();
    }

    /**
     * Reads everything that was committed before this call.
     *
     * @return false once the reader wants no more
     * @throws dev.eventstream.store.EventStoreException if the log cannot be read; the next round continues where this one stopped
     */
    boolean round(Reader reader) {
        for (Map.Entry<ChannelName, EventId> newest :
                store.newest(positions.keySet()).entrySet()) {
            if (!newest.getValue().equals(read.get(newest.getKey())) && !readAll(newest.getKey(), reader)) {
                return false;
            }
        }
        return true;
    }

    private boolean readAll(ChannelName channel, Reader reader) {
        boolean hasMore = true;
        while (hasMore) {
            EventId after = positions.getOrDefault(channel, EventId.NONE);
            EventPage page = store.readAfter(channel, after, PAGE);
            if (page instanceof EventPage.PositionUnavailable unavailable) {
                positions.put(channel, unavailable.newest());
                return reader.reset(channel, after, unavailable.newest())
                        && caughtUp(channel, unavailable.isFinished(), reader);
            }
            EventPage.Range range = (EventPage.Range) page;
            for (Event event : range.events()) {
                positions.put(channel, event.id());
                if (!event.isEnd() && !reader.event(event)) {
                    return false;
                }
            }
            if (!range.hasMore()) {
                return caughtUp(channel, range.isFinished(), reader);
            }
        }
        return true;
    }

    private boolean caughtUp(ChannelName channel, boolean isFinished, Reader reader) {
        if (isFinished) {
            positions.remove(channel);
            return reader.end(channel);
        }
        read.put(channel, positions.getOrDefault(channel, EventId.NONE));
        return true;
    }
}
