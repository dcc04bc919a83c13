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
 * @param last place of the last of them, in the same log
 */
public record Unannounced(ChannelName channel, EventId first, EventId last) {
    /**
     * @throws IllegalArgumentException if the places are of two logs or not in order
     */
    public Unannounced {
        if (first.isNone() || !first.epoch().equals(last.epoch()) || first.sequence() > last.sequence()) {
            throw new IllegalArgumentException(
                    "events from " + first + " through " + last + " of channel \"" + channel + "\" are not one run");
        }
    }

    /**
     * One for each channel.
     *
     * @param added by one append; events that are not stored are left out
     */
    public static List<Unannounced> of(List<Event> added) {
        Map<ChannelName, Unannounced> runs = new LinkedHashMap<>();
        for (Event event : added) {
            if (event.isStored()) {
                Unannounced one = new Unannounced(event.channel(), event.id(), event.id());
                runs.merge(event.channel(), one, (run, next) -> new Unannounced(run.channel, run.first, next.last));
            }
        }
        return new ArrayList<>(runs.values());
    }
}
