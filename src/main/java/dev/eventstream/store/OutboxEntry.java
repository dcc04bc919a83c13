package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A range of events of one channel that were appended together and may not have been announced yet.
 *
 * <p>Immutable.
 *
 * @param first the position of the first event
 * @param last the position of the last event, in the same log
 */
public record OutboxEntry(ChannelName channel, EventId first, EventId last) {
    /**
     * @throws IllegalArgumentException if the positions belong to different logs or are not in order
     */
    public OutboxEntry {
        if (first.isNone() || !first.epoch().equals(last.epoch()) || first.sequence() > last.sequence()) {
            throw new IllegalArgumentException(
                    "events from " + first + " through " + last + " of channel \"" + channel + "\" are not one range");
        }
    }

    /**
     * The ranges that the events form: one per channel, if one append added them.
     *
     * @param events unstored ones are ignored
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
