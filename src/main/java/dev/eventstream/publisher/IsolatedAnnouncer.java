package dev.eventstream.publisher;

import com.codahale.metrics.Meter;
import dev.eventstream.event.Event;
import dev.eventstream.loop.Trouble;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hides exceptions of an announcer from the sender, whose events are in the log already. It would otherwise repeat a send that
 * had succeeded. An exception fails the announcement. Every failure is counted, and a log line reports when the announcer
 * begins to fail and when it works again.
 *
 * <p>Thread-safe.
 */
final class IsolatedAnnouncer implements Announcer {
    private static final Logger LOGGER = LoggerFactory.getLogger(IsolatedAnnouncer.class);

    private final Announcer announcer;
    private final Meter failures;
    private final Trouble failing = new Trouble();

    IsolatedAnnouncer(Announcer announcer, Meter failures) {
        this.announcer = announcer;
        this.failures = failures;
    }

    @Override
    public CompletableFuture<Void> announce(List<Event> events) {
        return announcement(() -> announcer.announce(events));
    }

    @Override
    public CompletableFuture<Void> announceSent(List<Event> events, long sentNanos) {
        return announcement(() -> announcer.announceSent(events, sentNanos));
    }

    private CompletableFuture<Void> announcement(Supplier<CompletableFuture<Void>> announcement) {
        return orFailure(announcement).whenComplete((done, failure) -> note(failure));
    }

    private static CompletableFuture<Void> orFailure(Supplier<CompletableFuture<Void>> announcement) {
        try {
            return announcement.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void note(@Nullable Throwable failure) {
        if (failure != null) {
            failures.mark();
            if (failing.begins()) {
                LOGGER.error("Announcer {} is failing; its readers get events late", name(), failure);
            }
        } else if (failing.ends()) {
            LOGGER.info("Announcer {} works again", name());
        }
    }

    private String name() {
        return announcer.getClass().getSimpleName();
    }
}
