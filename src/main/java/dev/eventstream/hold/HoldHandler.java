package dev.eventstream.hold;

import com.google.common.base.Ticker;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import dev.eventstream.subscriber.StreamSink;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;

/**
 * Holds every exchange whose request carries a {@link HeldAnswer} once JAX-RS and the servlets have finished.
 *
 * <p>Belongs inside the application's context, around its servlets, and inside the handler that compresses. When the server
 * shuts down, it ends all remaining streams in good order before the connectors close, and holds no further exchanges; {@link #drain}
 * spreads that over a time.
 *
 * <p>Thread-safe.
 */
public final class HoldHandler extends Handler.Wrapper implements Graceful {
    private final Subscriber subscriber;
    private final MemoryBudget memory;
    private final HoldTimes times;
    private final Set<HeldStream> streams = ConcurrentHashMap.newKeySet();
    private final Drain drain;
    private final CountDownLatch isShutDown = new CountDownLatch(1);
    private volatile boolean isDraining;
    private volatile boolean isAway;

    /** Continues streams where their first answers end. */
    @FunctionalInterface
    public interface Subscriber {
        /**
         * Subscribes a stream.
         *
         * @param sink makes the stream's sink, given its listener; called once, before the first offer
         */
        void subscribe(HoldInstruction instruction, Function<StreamSink.Listener, StreamSink> sink);
    }

    /**
     * @param memory limits what is pending for all clients together
     * @param keepAlive the longest silence that clients expect; shorter than the connectors' idle timeout
     * @param stallTimeout how long a client may read nothing although bytes are pending before it is cut off
     */
    public HoldHandler(
            Subscriber subscriber, MemoryBudget memory, Duration keepAlive, Duration stallTimeout, Ticker ticker) {
        this.subscriber = subscriber;
        this.memory = memory;
        this.times = new HoldTimes(keepAlive, stallTimeout, ticker);
        this.drain = new Drain(
                pause -> {
                    boolean unused = isShutDown.await(pause.toNanos(), TimeUnit.NANOSECONDS);
                },
                ticker);
    }

    /**
     * Ends all streams, spread over a time; from now on, it also ends each new stream after its first answer. Their clients
     * come back within about a second. Call it once, before the server stops. It blocks until the client of the last stream has had the
     * time to come back and hear that the node will be away for a moment, unless there are no streams or no time.
     *
     * @param longest how long it may take; less if there are few streams, and up to 0.75 s longer if this is less than 1.5 s
     */
    public void drain(Duration longest) {
        isDraining = true;
        drain.end(streams, longest);
    }

    /**
     * Ends all streams, spread over a time, although the server keeps running; from now on, it also ends each new stream after its first
     * answer. The clients come back after some seconds, and should then reach another node. It blocks until all streams have ended.
     *
     * @param longest how long it may take; less if there are few streams
     */
    public void sendAway(Duration longest) {
        isAway = true;
        drain.sendAway(streams, longest);
    }

    /** Undoes {@link #sendAway}. It blocks for about four seconds, until the clients that were sent away have had time to come back. */
    public void resume() {
        isAway = false;
        drain.await();
    }

    /** Whether this node has begun to end its streams. */
    public boolean isDraining() {
        return isDraining || isAway;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Callback ending = ExchangeEnd.before(callback, request);
        Exchange exchange = new Exchange(request, response, ending, this::hold);
        PeerAddress.note(request);
        try {
            return super.handle(request, exchange, exchange);
        } catch (Throwable e) { // Jetty ends the exchange without our callback
            ExchangeEnd.run(request);
            throw e;
        } finally {
            ServletsEnd.run(request);
        }
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        isShutDown.countDown();
        streams.forEach(drain::end);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isShutdown() {
        return isShutDown.getCount() == 0;
    }

    private void hold(HeldAnswer answer, Request request, Response response, Callback callback) {
        HeldStream stream = null;
        try {
            SharedBytes firstBytes = SharedBytes.unconditional(answer.bytes(), memory);
            Callback end = RequestTimers.ofStream(callback);
            stream = new HeldStream(
                    ConnectionOutput.of(request, response), end, firstBytes, memory, times, streams::remove);
            firstBytes.release();
            begin(stream, answer.instruction(), request);
        } catch (Throwable e) { // the client would wait forever
            fail(stream, callback, e);
        }
    }

    private void begin(HeldStream stream, HoldInstruction instruction, Request request) {
        if (!isLeaving()) {
            subscriber.subscribe(instruction, listener -> register(stream, listener));
        }
        watch(stream, request);
        stream.start();
        if (isLeaving()) {
            drain.end(stream);
        }
    }

    private boolean isLeaving() {
        return isDraining() || isShutdown();
    }

    private HeldStream register(HeldStream stream, StreamSink.Listener listener) {
        stream.setListener(listener);
        streams.add(stream);
        return stream;
    }

    private static void watch(HeldStream stream, Request request) {
        request.addFailureListener(stream::clientGone);
        SendBuffer.own(request).ifPresent(endPoint -> {
            SendBuffer.bound(endPoint);
            new EndOfInput(endPoint, stream::clientGone).watch();
        });
    }

    private static void fail(@Nullable HeldStream stream, Callback callback, Throwable failure) {
        if (stream == null) {
            callback.failed(failure);
        } else {
            stream.fail(failure);
        }
    }
}
