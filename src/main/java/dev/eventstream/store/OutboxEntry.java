package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events of one channel that were appended together and may not have been announced yet: an announcement row.
 *
 * <p>Immutable.
 *
 * @param first place of the first of them
 * @param last position of the last of them, in the same log
 */
public record OutboxEntry(ChannelName channel, EventId first, EventId last) {
    /**
     * @throws IllegalArgumentException if the positions are of two logs or not in order
     */
    public OutboxEntry {
        if (first.isNone() || !first.epoch().equals(last.epoch()) || first.sequence() > last.sequence()) {
            throw new IllegalArgumentException(
                    "events from " + first + " through " + last + " of channel \"" + channel + "\" are not one run");
        }
    }

    /**
     * The runs that the events are: one for each channel, if one append added them.
     *
     * @param events those that are not stored are left out
     */
    public static List<OutboxEntry> of(List<Event> events) {
        Map<ChannelName, OutboxEntry> open = new LinkedHashMap<>();
        List<OutboxEntry> runs = new ArrayList<>();
        for (Event event : events) {
            if (event.isStored()) {
                OutboxEntry run = open.get(event.channel());
                if (run != null && !run.last.equals(event.previous())) {
                    runs.add(run);
                    run = null;
                }
                EventId first = run == null ? event.id() : run.first;
                open.put(event.channel(), new OutboxEntry(event.channel(), first, event.id()));
            }
        }
        runs.addAll(open.values());
        return runs;
    }
}
