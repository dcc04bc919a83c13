package dev.eventstream.hold;

import com.google.common.base.Ticker;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.CloseReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ends the streams of a node that is about to stop, one after another, so that their clients do not all arrive at the other nodes at
 * once. Each client gets a random time after which it comes back.
 *
 * <p>A client that comes back to this node is told to come back again. Once the server begins to stop, it answers 503 on its open
 * connections for as long as {@code AbstractConnector.shutdownIdleTimeout} of Jetty 12 (1 s), and an EventSource that gets a 503 never
 * comes back (HTML Standard, 9.2.3, "fail the connection"). So the drain lasts until the clients of the last streams have come back, and
 * they come back the next time when the server accepts no connections any more.
 *
 * <p>Thread-safe.
 */
final class Drain {
    /** The slowest pace. A few streams end at once, because a few clients do no harm. */
    static final Duration LONGEST_GAP = Duration.ofMillis(5);

    /** After how many milliseconds a client comes back. */
    private record Return(int min, int max) {
        Duration random() {
            return Duration.ofMillis(ThreadLocalRandom.current().nextInt(min, max + 1));
        }
    }

    private static final Return SOON = new Return(100, 1_000);

    /** Near the end of the drain, so that the last call is short. */
    private static final Return SOONER = new Return(100, 500);

    /** How long the clients of the last streams are awaited: their time plus that of the way here. */
    static final Duration LAST_CALL = Duration.ofMillis(SOONER.max + 250);

    /** After the last call: the second in which the server answers 503, and some time until it begins. */
    private static final Duration REFUSING = Duration.ofMillis(1_250);

    private static final Return ONCE_STOPPED = new Return(0, 400);

    /** How streams are paced. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    private final Pause pause;
    private final Ticker ticker;

    /** When the last stream ends, by the ticker. */
    private volatile OptionalLong lastEnd = OptionalLong.empty();

    private volatile boolean isLastCall;

    Drain(Pause pause, Ticker ticker) {
        this.pause = pause;
        this.ticker = ticker;
    }

    /**
     * Ends the streams, then waits for the last call, unless there are no streams or no time. If the thread is interrupted, it ends them at
     * once, and the thread stays interrupted. Call it once.
     *
     * @param longest how long it may take; it takes less if there are few streams, and longer only if the last call takes more than half
     */
    void end(Collection<HeldStream> streams, Duration longest) {
        Duration gap = gap(streams.size(), spread(longest));
        lastEnd =
                OptionalLong.of(ticker.read() + gap.multipliedBy(streams.size()).toNanos());
        Iterator<HeldStream> all = List.copyOf(streams).iterator();
        boolean isAwaited = all.hasNext() && !longest.isZero();
        while (all.hasNext()) {
            end(all.next());
            if (all.hasNext() && !gap.isZero()) {
                sleep(gap);
            }
        }
        lastEnd = OptionalLong.of(ticker.read());
        isLastCall = true;
        if (isAwaited) {
            sleep(LAST_CALL);
        }
    }

    /** Ends one stream. */
    void end(HeldStream stream) {
        byte[] frame = EventStreamEncoder.encode(new StreamFrame.ComeBack(away()));
        stream.end(ByteBuffer.wrap(frame), CloseReason.SHUTDOWN);
    }

    /** After what time a client comes back. */
    private Duration away() {
        if (lastEnd.isEmpty()) {
            return SOON.random();
        }
        Duration left = Duration.ofNanos(lastEnd.getAsLong() - ticker.read());
        if (!isLastCall) {
            return left.toMillis() > SOON.max ? SOON.random() : SOONER.random();
        }
        Duration untilStop = left.plus(LAST_CALL);
        return (untilStop.isNegative() ? Duration.ZERO : untilStop)
                .plus(REFUSING)
                .plus(ONCE_STOPPED.random());
    }

    /** The time for the ends. */
    private static Duration spread(Duration longest) {
        Duration half = longest.dividedBy(2);
        return half.compareTo(LAST_CALL) < 0 ? half : longest.minus(LAST_CALL);
    }

    private static Duration gap(int streams, Duration time) {
        Duration gap = time.dividedBy(Math.max(1, streams));
        return gap.compareTo(LONGEST_GAP) < 0 ? gap : LONGEST_GAP;
    }

    private void sleep(Duration time) {
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        try {
            pause.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
