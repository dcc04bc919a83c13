package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reports the events that an announcer has delivered once its announcement is complete.
 *
 * <p>Thread-safe.
 *
 * @param announcer completes an announcement when it has delivered the events
 * @param target where it delivers them
 */
public record TracedAnnouncer(Announcer announcer, EventTracing tracing, EventTracing.Target target)
        implements Announcer {
    @Override
    public CompletableFuture<Void> announce(List<Event> events) {
        return announcer.announce(events);
    }

    @Override
    public CompletableFuture<Void> announceSent(List<Event> events, long sentNanos) {
        return announcer.announceSent(events, sentNanos).whenComplete((done, failure) -> {
            if (failure == null) {
                report(events, sentNanos);
            }
        });
    }

    private void report(List<Event> events, long sentNanos) {
        for (Event event : events) {
            if (event.isStored()) {
                tracing.delivered(event.channel(), event.id(), sentNanos, target);
            }
        }
    }
}
