package dev.eventstream.subscriber;

import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The last frame of streams. If their clients come back, because of a failure on this node or in good order, it is encoded in advance,
 * because there may be no memory when it is needed, and with several retry times, so that clients do not all come back at once.
 *
 * <p>Thread-safe.
 */
final class Farewell {
    private static final int MIN_RETRY_MILLIS = 2_000;
    private static final int STEP_MILLIS = 250;
    private static final int MIN_AWAY_MILLIS = 50;
    private static final int AWAY_STEP_MILLIS = 30;
    private static final int FRAMES = 17;

    private static final List<ByteBuffer> INTERNAL_ERROR = IntStream.range(0, FRAMES)
            .mapToObj(i -> ByteBuffer.wrap(EventStreamEncoder.encode(StreamFrame.TemporaryFailure.ofStream(
                            Duration.ofMillis(MIN_RETRY_MILLIS + (long) i * STEP_MILLIS))))
                    .asReadOnlyBuffer())
            .toList();
    private static final List<ByteBuffer> COME_BACK = IntStream.range(0, FRAMES)
            .mapToObj(i -> ByteBuffer.wrap(EventStreamEncoder.encode(
                            new StreamFrame.ComeBack(Duration.ofMillis(MIN_AWAY_MILLIS + (long) i * AWAY_STEP_MILLIS))))
                    .asReadOnlyBuffer())
            .toList();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Farewell() {}

    /** Ends a stream; its client comes back to where it was. Any thread. */
    static void internalError(StreamSink sink) {
        sink.end(INTERNAL_ERROR.get(next()), CloseReason.FAILED);
    }

    /** Ends a stream in good order; its client comes back at once to where it was. Any thread. */
    static void comeBack(StreamSink sink, CloseReason reason) {
        sink.end(COME_BACK.get(next()), reason);
    }

    /** Ends a stream whose channels are all finished; its client does not come back. */
    static void finished(Subscription subscription) {
        byte[] end = EventStreamEncoder.encode(new StreamFrame.End(subscription.channels(), subscription.position()));
        subscription.sink().end(ByteBuffer.wrap(end), CloseReason.FINISHED);
    }

    private static int next() {
        return Math.floorMod(NEXT.getAndIncrement(), FRAMES);
    }

    /** Runs a task for a stream, which ends if the task throws: it must not stay open in silence. */
    static void ifThrown(StreamSink sink, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            internalError(sink);
            throw e;
        }
    }
}
