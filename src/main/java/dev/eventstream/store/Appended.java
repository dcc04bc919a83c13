package dev.eventstream.store;

import dev.eventstream.event.Event;
import java.util.List;

/**
 * The result of an append.
 *
 * <p>Immutable.
 *
 * @param events in the order given; for an event whose idempotency key was in the log already, the event that was stored first
 * @param added those that this append added to the log, each once, in the order given; the others are repeats of events
 *     that have been announced
 */
public record Appended(List<Event> events, List<Event> added) {
    public Appended {
        events = List.copyOf(events);
        added = List.copyOf(added);
    }
}
