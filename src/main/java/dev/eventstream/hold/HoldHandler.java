package dev.eventstream.hold;

import com.google.common.base.Ticker;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import dev.eventstream.subscriber.StreamSink;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
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
 * shuts down, it ends all streams in good order before the connectors close, and holds no further exchanges.
 *
 * <p>Thread-safe.
 */
public final class HoldHandler extends Handler.Wrapper implements Graceful {
    private final Subscriber subscriber;
    private final MemoryBudget memory;
    private final HoldTimes times;
    private final Set<HeldStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean shuttingDown;

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
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Exchange exchange = new Exchange(request, response, callback, this::hold);
        return super.handle(request, exchange, exchange);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        shuttingDown = true;
        streams.forEach(HoldHandler::endForShutdown);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isShutdown() {
        return shuttingDown;
    }

    private void hold(HeldAnswer answer, Request request, Response response, Callback callback) {
        HeldStream stream = null;
        try {
            SharedBytes firstBytes = SharedBytes.unconditional(answer.bytes(), memory);
            stream = new HeldStream(response, callback, firstBytes, memory, times, streams::remove);
            firstBytes.release();
            begin(stream, answer.instruction(), request);
        } catch (Throwable e) { // the client would wait forever
            fail(stream, callback, e);
        }
    }

    private void begin(HeldStream stream, HoldInstruction instruction, Request request) {
        if (!shuttingDown) {
            subscriber.subscribe(instruction, listener -> register(stream, listener));
        }
        watch(stream, request);
        stream.start();
        if (shuttingDown) {
            endForShutdown(stream);
        }
    }

    private HeldStream register(HeldStream stream, StreamSink.Listener listener) {
        stream.setListener(listener);
        streams.add(stream);
        return stream;
    }

    private static void watch(HeldStream stream, Request request) {
        request.addFailureListener(stream::clientGone);
        ConnectionMetaData connection = request.getConnectionMetaData();
        // an HTTP/2 connection also carries other answers, which need its input and its send buffer
        if (connection.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()) {
            EndPoint endPoint = connection.getConnection().getEndPoint();
            SendBuffer.bound(endPoint);
            new EndOfInput(endPoint, stream::clientGone).watch();
        }
    }

    private static void endForShutdown(HeldStream stream) {
        stream.end(ByteBuffer.allocate(0), CloseReason.SHUTDOWN);
    }

    private static void fail(@Nullable HeldStream stream, Callback callback, Throwable failure) {
        if (stream == null) {
            callback.failed(failure);
        } else {
            stream.fail(failure);
        }
    }
}
