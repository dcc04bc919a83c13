package dev.eventstream.control;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the items of one announcement until every lane has sent them or has taken responsibility for them.
 *
 * <p>Thread-safe.
 */
final class Announcement {
    private final AtomicInteger open;
    private final CompletableFuture<Void> announced = new CompletableFuture<>();

    /**
     * @param items their number, counted once for each lane
     */
    Announcement(int items) {
        this.open = new AtomicInteger(items);
        if (items == 0) {
            announced.complete(null);
        }
    }

    /** An announcement without a listener. */
    static Announcement unheard() {
        return new Announcement(0);
    }

    CompletableFuture<Void> announced() {
        return announced;
    }

    /** One more item was sent or taken over. */
    void done() {
        if (open.decrementAndGet() == 0) {
            announced.complete(null);
        }
    }

    /** An item was neither sent nor taken over, and never will be, because the lane has ended. */
    void abandoned() {
        announced.completeExceptionally(new IllegalStateException("the lane has ended"));
    }
}
