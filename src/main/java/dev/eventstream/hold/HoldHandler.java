package dev.eventstream.hold;

import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.Fanout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;

/**
 * Holds every exchange whose request carries a {@link HoldInstruction} once its first answer is complete.
 *
 * <p>Belongs inside the application's context, around its servlets, and inside whatever compresses. When the server shuts
 * down it ends all streams in good order before the connectors close, and holds no more.
 *
 * <p>Thread-safe.
 */
public final class HoldHandler extends Handler.Wrapper implements Graceful {
    /** Request attribute with the {@link HoldInstruction}. */
    public static final String INSTRUCTION = HoldInstruction.class.getName();

    private final Fanout fanout;
    private final Duration keepAlive;
    private final Duration stallTimeout;
    private final Set<HeldStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean shuttingDown;

    /**
     * @param keepAlive silence after which a stream is sent a keep-alive; shorter than the connectors' idle timeout
     * @param stallTimeout how long a client may take nothing of what is pending before it is cut off
     */
    public HoldHandler(Fanout fanout, Duration keepAlive, Duration stallTimeout) {
        this.fanout = fanout;
        this.keepAlive = keepAlive;
        this.stallTimeout = stallTimeout;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Exchange exchange = new Exchange(this, request, response, callback);
        return super.handle(request, exchange, exchange);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        shuttingDown = true;
        streams.forEach(stream -> stream.end(ByteBuffer.allocate(0), CloseReason.SHUTDOWN));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isShutdown() {
        return shuttingDown;
    }

    void hold(HoldInstruction instruction, Request request, Response response, Callback callback) {
        HeldStream stream = fanout.subscribe(
                instruction.reader(),
                instruction.channels(),
                instruction.position(),
                listener -> register(new HeldStream(
                        response, callback, listener, fanout.memory(), keepAlive, stallTimeout, streams::remove)));
        request.addFailureListener(stream::clientGone);
        if (request.getConnectionMetaData().getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()) {
            new EndOfInput(request.getConnectionMetaData().getConnection().getEndPoint(), stream::clientGone).watch();
        }
        if (shuttingDown) {
            stream.end(ByteBuffer.allocate(0), CloseReason.SHUTDOWN);
        }
    }

    private HeldStream register(HeldStream stream) {
        streams.add(stream);
        return stream;
    }
}
