package dev.eventstream.control;

import dev.eventstream.channel.ChannelName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The channels that have to be repaired at one proxy because something could not be delivered: by a hint if the channel is
 * stored, by a reset if it is not.
 *
 * <p>Bounded: beyond {@value #MAX} channels, one request to recover everything replaces all hints. Resets beyond that number are
 * lost, and counted.
 *
 * <p>Not thread-safe: guarded by the lock of its {@link LaneQueue}.
 */
final class Repairs {
    /** Channels that can wait for a repair. */
    static final int MAX = 10_000;

    private enum Repair {
        HINT,
        RESET
    }

    private final ItemEncoder encoder;
    private final Map<ChannelName, Repair> channels = new LinkedHashMap<>();
    private final ReplacedEvents replaced = new ReplacedEvents();
    private boolean recoverAll;
    private long lostResets;

    Repairs(ItemEncoder encoder) {
        this.encoder = encoder;
    }

    /** Adds the channel of an item that could not be delivered. */
    void add(ProxyItem item) {
        Repair repair = item.isInLog() ? Repair.HINT : Repair.RESET;
        if (repair == Repair.HINT && recoverAll) {
            return;
        }
        if (channels.size() >= MAX && !channels.containsKey(item.source())) {
            recoverAll();
            if (repair == Repair.HINT) {
                return;
            } else if (channels.size() >= MAX) {
                lostResets++;
                return;
            }
        }
        channels.put(item.source(), repair);
    }

    /** Repairs the channel of an event that will not be sent; returns the announcement that is complete now. */
    Announcement replace(QueuedItem event) {
        add(event.item());
        return event.item().isInLog() ? replaced.add(event) : event.announcement();
    }

    /** Whether a repair that waits will bring this event, too. */
    boolean cover(ProxyItem event) {
        return event.isInLog() && (recoverAll || channels.containsKey(event.source()));
    }

    /** Requests that the proxy asks for everything, which replaces all hints. */
    void recoverAll() {
        recoverAll = true;
        channels.values().removeIf(Repair.HINT::equals);
    }

    /** Requests it again, after a failure, for these events; returns the announcements that are complete now. */
    List<Announcement> recoverAll(ReplacedEvents brought) {
        recoverAll();
        return replaced.addAll(brought);
    }

    /** Takes the request to recover everything and the events that the proxy will fetch for it; empty if there is none. */
    Optional<ReplacedEvents> takeRecoverAll() {
        if (!recoverAll) {
            return Optional.empty();
        }
        recoverAll = false;
        return Optional.of(replaced.takeAll());
    }

    /** Takes the announcements that wait for repairs, but not the repairs. */
    ReplacedEvents takeReplaced() {
        return replaced.takeAll();
    }

    /** Takes the items for the oldest repairs. */
    List<QueuedItem> take(int max) {
        List<QueuedItem> items = new ArrayList<>();
        Iterator<Map.Entry<ChannelName, Repair>> oldest = channels.entrySet().iterator();
        while (oldest.hasNext() && items.size() < max) {
            Map.Entry<ChannelName, Repair> next = oldest.next();
            ChannelName channel = next.getKey();
            items.add(
                    next.getValue() == Repair.HINT
                            ? new QueuedItem(encoder.hint(channel), replaced.take(channel))
                            : QueuedItem.unheard(encoder.reset(channel)));
            oldest.remove();
        }
        return items;
    }

    boolean isEmpty() {
        return !recoverAll && channels.isEmpty();
    }

    /** How many channels wait. */
    int size() {
        return channels.size();
    }

    /** How many resets were lost since the start. */
    long lostResets() {
        return lostResets;
    }
}
