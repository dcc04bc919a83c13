package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import java.util.List;

/**
 * Tells those who wait that events are there.
 *
 * <p>A stored event is safe in the log already, so an announcement may be lost or come twice: readers see the gap and it
 * is read again. It must return quickly and must not throw at the application that sent the event.
 *
 * <p>Thread-safe. Runs on a sender's thread after the commit. Announcements of one channel may come in any order;
 * {@link Event#previous()} tells which event comes first.
 */
@FunctionalInterface
public interface Announcer {

    /** Announces events that have committed, or that are of channels which are not stored. */
    void announce(List<Event> events);
}
