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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Ends the streams of a node that is about to stop, one after another, so that their clients do not all arrive at the other nodes at
 * once. Each client gets a random time after which it comes back.
 *
 * <p>A client that comes back to this node is told to come back again. Once the server begins to stop, it answers 503 on its open
 * connections for as long as {@code AbstractConnector.shutdownIdleTimeout} of Jetty 12 (1 s), and an EventSource that gets a 503 never
 * comes back (HTML Standard, 9.2.3, "fail the connection"). So the drain lasts until the clients of the last streams have come back, and
 * they come back the next time when the server accepts no connections any more.
 *
 * <p>An operator can also drain a node that keeps running. Its clients then come back after seconds rather than at once, because they may
 * reach this node again and again. When such a node stops, it waits until they have come back once more.
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

    /** How long to wait for the clients of the last streams: their delay plus the time that it takes to get here. */
    static final Duration LAST_CALL = Duration.ofMillis(SOONER.max + 250);

    /** After the last call: the second in which the server answers 503, and some time until it begins. */
    private static final Duration REFUSING = Duration.ofMillis(1_250);

    private static final Return ONCE_STOPPED = new Return(0, 400);

    /** For as long as the node is drained and keeps running. */
    private static final Return AWAY = new Return(2_500, 4_000);

    /** How long to wait for the clients that were sent away: their delay plus the time that it takes to get here. */
    static final Duration AWAY_CALL = Duration.ofMillis(AWAY.max + 250);

    /** How streams are paced. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    private final Pause pause;
    private final Ticker ticker;

    /** How soon a client comes back if its stream ends now. */
    private volatile Supplier<Duration> next = SOON::random;

    private volatile boolean areAway;

    Drain(Pause pause, Ticker ticker) {
        this.pause = pause;
        this.ticker = ticker;
    }

    /**
     * Ends the streams, then waits for the last call, unless there are no streams or no time; it waits longer if clients were sent away.
     * If the thread is interrupted, it ends them at once, and the thread stays interrupted. Call it once.
     *
     * @param longest how long it may take; it takes less if there are few streams, and longer only if the last call takes more than half
     */
    void end(Collection<HeldStream> streams, Duration longest) {
        Duration call = areAway ? AWAY_CALL : LAST_CALL;
        Duration time = spread(longest);
        next = untilEnd(ticker.read()
                + gap(streams.size(), time).multipliedBy(streams.size()).toNanos());
        boolean isAwaited = (endAll(streams, time) || areAway) && !longest.isZero();
        next = onceStopped(ticker.read() + call.toNanos());
        if (isAwaited) {
            sleep(call);
        }
    }

    private Supplier<Duration> untilEnd(long lastEndNanos) {
        return () -> lastEndNanos - ticker.read() > TimeUnit.MILLISECONDS.toNanos(SOON.max)
                ? SOON.random()
                : SOONER.random();
    }

    private Supplier<Duration> onceStopped(long stopNanos) {
        return () -> Duration.ofNanos(Math.max(0, stopNanos - ticker.read()))
                .plus(REFUSING)
                .plus(ONCE_STOPPED.random());
    }

    /**
     * Ends the streams of a node that keeps running. Streams that begin afterwards must be ended one by one.
     *
     * @param longest how long it may take
     */
    void sendAway(Collection<HeldStream> streams, Duration longest) {
        areAway = true;
        next = AWAY::random;
        endAll(streams, longest);
    }

    /** Undoes {@link #sendAway}: waits until the clients that were sent away have come back. */
    void await() {
        next = SOON::random;
        sleep(AWAY_CALL);
        areAway = false;
    }

    /** Ends the streams, spread over a time; returns whether there were any. */
    private boolean endAll(Collection<HeldStream> streams, Duration time) {
        Duration gap = gap(streams.size(), time);
        Iterator<HeldStream> all = List.copyOf(streams).iterator();
        boolean hasAny = all.hasNext();
        while (all.hasNext()) {
            end(all.next());
            if (all.hasNext() && !gap.isZero()) {
                sleep(gap);
            }
        }
        return hasAny;
    }

    /** Ends one stream. */
    void end(HeldStream stream) {
        byte[] frame = EventStreamEncoder.encode(new StreamFrame.ComeBack(next.get()));
        stream.end(ByteBuffer.wrap(frame), CloseReason.SHUTDOWN);
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
