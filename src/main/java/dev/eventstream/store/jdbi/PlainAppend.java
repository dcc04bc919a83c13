package dev.eventstream.store.jdbi;

import static java.util.Objects.requireNonNull;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * Events without idempotency keys that do not finish their channels, so that no read is necessary before they are appended.
 *
 * <p>Immutable.
 *
 * @param events at least one
 * @param counts the number of events of each channel
 * @param now in milliseconds since 1970
 * @param outboxDueAt when their outbox rows are due, in milliseconds since 1970; empty if they get none
 */
record PlainAppend(List<NewEvent> events, SortedMap<ChannelName, Integer> counts, long now, OptionalLong outboxDueAt) {
    static boolean isPlain(List<NewEvent> events) {
        return events.stream()
                .noneMatch(event -> event.isEnd() || event.idempotencyKey().isPresent());
    }

    /**
     * The result once the events are stored.
     *
     * @param newest the position of the newest event of each channel
     */
    Appended appended(Map<ChannelName, EventId> newest) {
        Map<ChannelName, Integer> left = new HashMap<>(counts);
        List<Event> stored = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            EventId last = requireNonNull(newest.get(event.channel()));
            int later = left.merge(event.channel(), -1, Integer::sum);
            stored.add(Event.stored(event, new EventId(last.epoch(), last.sequence() - later)));
        }
        return new Appended(stored, stored);
    }
}
