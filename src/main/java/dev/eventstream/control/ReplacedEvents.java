package dev.eventstream.control;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The announcements of stored events that a repair replaces, until the proxy has taken the repair. If this node dies before that, the
 * outbox rows of these events are left, and another node announces them.
 *
 * <p>The newest event of a channel is enough, because a proxy that gets it asks for those before it. So there is one announcement
 * for each channel, and the announcement of an older event is complete.
 *
 * <p>Bounded: beyond {@value #MAX} channels, an announcement is complete at once, as all are when the lane gives up. If the node dies
 * then, readers get the events with the next event of the channel, or when their link expires.
 *
 * <p>Not thread-safe: guarded by the lock of its {@link LaneQueue} or, once taken from it, confined to the lane's thread.
 */
final class ReplacedEvents {
    static final int MAX = Repairs.MAX;

    private final Map<ChannelName, Waiting> newest = new LinkedHashMap<>();

    private record Waiting(EventId id, Announcement announcement) {
        // the order of two epochs is unknown; the later arrival is almost always the newer event
        boolean isNewerThan(Waiting other) {
            return id.epoch().equals(other.id.epoch()) && id.sequence() > other.id.sequence();
        }
    }

    /** Adds a stored event; returns the announcement that is complete now. */
    Announcement add(QueuedItem event) {
        return add(event.item().source(), new Waiting(EventId.parse(event.item().id()), event.announcement()));
    }

    /** Adds several; returns the announcements that are complete now. */
    List<Announcement> addAll(ReplacedEvents others) {
        return others.newest.entrySet().stream()
                .map(entry -> add(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Announcement add(ChannelName channel, Waiting event) {
        Waiting present = newest.get(channel);
        boolean isFull = present == null && newest.size() >= MAX;
        if (isFull || (present != null && present.isNewerThan(event))) {
            return event.announcement();
        }
        newest.put(channel, event);
        return present == null ? Announcement.unheard() : present.announcement();
    }

    /** Takes the announcement that waits for the repair of a channel. */
    Announcement take(ChannelName channel) {
        Waiting waiting = newest.remove(channel);
        return waiting == null ? Announcement.unheard() : waiting.announcement();
    }

    /** Takes everything. */
    ReplacedEvents takeAll() {
        ReplacedEvents all = new ReplacedEvents();
        all.newest.putAll(newest);
        newest.clear();
        return all;
    }

    /** The proxy has taken the repair, or something else takes its place. */
    void done() {
        newest.values().forEach(waiting -> waiting.announcement().done());
    }

    /** The repair was not sent and never will be, because the lane has ended. */
    void abandoned() {
        newest.values().forEach(waiting -> waiting.announcement().abandoned());
    }
}
