package dev.eventstream.hold;

import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.CloseReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ends the streams of a node that is about to stop, one after another, so that their clients do not all arrive at the other nodes at
 * once. Each client gets a random time after which it comes back.
 *
 * <p>Confined to the thread that stops the server.
 */
final class Drain {
    /** The slowest pace. A few streams end at once, because a few clients do no harm. */
    static final Duration LONGEST_GAP = Duration.ofMillis(5);

    private static final int MIN_RETRY_MILLIS = 100;
    private static final int MAX_RETRY_MILLIS = 1_000;

    /** How streams are paced. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    private final Pause pause;

    Drain(Pause pause) {
        this.pause = pause;
    }

    /**
     * Ends the streams within a time. If the thread is interrupted, it ends them at once, and the thread stays interrupted.
     *
     * @param longest how long it may take; it takes less if there are few streams
     */
    void end(Collection<HeldStream> streams, Duration longest) {
        Duration gap = gap(streams.size(), longest);
        Iterator<HeldStream> all = List.copyOf(streams).iterator();
        while (all.hasNext()) {
            end(all.next());
            if (all.hasNext() && !gap.isZero() && !Thread.currentThread().isInterrupted()) {
                sleep(gap);
            }
        }
    }

    /** Ends one stream. */
    static void end(HeldStream stream) {
        int retry = ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS + 1);
        byte[] frame = EventStreamEncoder.encode(new StreamFrame.ComeBack(Duration.ofMillis(retry)));
        stream.end(ByteBuffer.wrap(frame), CloseReason.SHUTDOWN);
    }

    private static Duration gap(int streams, Duration longest) {
        Duration gap = longest.dividedBy(Math.max(1, streams));
        return gap.compareTo(LONGEST_GAP) < 0 ? gap : LONGEST_GAP;
    }

    private void sleep(Duration gap) {
        try {
            pause.sleep(gap);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
