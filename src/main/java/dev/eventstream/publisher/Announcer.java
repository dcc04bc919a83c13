package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Notifies waiting parties of new events.
 *
 * <p>A stored event is already safe in the log, so an announcement may be lost or repeated: readers notice the gap and read
 * the log again. An announcer must return quickly and should not throw.
 *
 * <p>Thread-safe. Runs on a sender's thread after the commit, or on that of the {@link OutboxSweep}. Announcements of one channel
 * may arrive in any order; {@link Event#previous()} shows which event comes first.
 */
@FunctionalInterface
public interface Announcer {

    /** For announcers that are finished when they return, because their readers read the log anyway. */
    CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    /**
     * Announces committed or unstored events.
     *
     * @return completes when this process is no longer needed to deliver the events to the announcer's readers. If it fails, or
     *     does not complete within a minute, the {@link OutboxSweep} announces the stored events again.
     */
    CompletableFuture<Void> announce(List<Event> events);

    /**
     * Announces events that this node has just sent. An announcer that measures how long a delivery takes overrides
     * this; by default, it is the same as {@link #announce}.
     *
     * @param sentNanos when the append of the events began, by the system ticker; if the application's own transaction stored
     *     them, when it committed
     */
    default CompletableFuture<Void> announceSent(List<Event> events, long sentNanos) {
        return announce(events);
    }
}
