package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Tells those who wait that events are there.
 *
 * <p>A stored event is safe in the log already, so an announcement may be lost or come twice: readers see the gap and it
 * is read again. It must return quickly and should not throw.
 *
 * <p>Thread-safe. Runs on a sender's thread after the commit, or on that of the {@link OutboxSweep}. Announcements of one channel
 * may come in any order; {@link Event#previous()} tells which event comes first.
 */
@FunctionalInterface
public interface Announcer {

    /** For announcers that need this process no longer once they return, because their readers read the log by themselves. */
    CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    /**
     * Announces events that have committed, or that are of channels which are not stored.
     *
     * @return completes once this process is no longer needed to bring the events to the announcer's readers; fails if it
     *     gives up, and then the {@link OutboxSweep} announces the stored ones again. One that has neither happened within a
     *     minute counts as failed.
     */
    CompletableFuture<Void> announce(List<Event> events);
}
