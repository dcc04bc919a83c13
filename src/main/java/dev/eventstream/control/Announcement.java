package dev.eventstream.control;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what one call announced, until all lanes have sent it or have taken over the responsibility for it.
 *
 * <p>Thread-safe.
 */
final class Announcement {
    private final AtomicInteger open;
    private final CompletableFuture<Void> announced = new CompletableFuture<>();

    /**
     * @param items how many, counted once for each lane
     */
    Announcement(int items) {
        this.open = new AtomicInteger(items);
        if (items == 0) {
            announced.complete(null);
        }
    }

    /** An announcement that nobody waits for. */
    static Announcement unheard() {
        return new Announcement(0);
    }

    CompletableFuture<Void> announced() {
        return announced;
    }

    /** One more was sent or taken over. */
    void done() {
        if (open.decrementAndGet() == 0) {
            announced.complete(null);
        }
    }

    /** One was neither sent nor taken over, and never will be. */
    void failed(RuntimeException reason) {
        announced.completeExceptionally(reason);
    }
}
