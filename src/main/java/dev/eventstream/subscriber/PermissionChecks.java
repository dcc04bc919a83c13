package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authorizer again whether the reader of an open stream may still read a channel, and ends the stream if the answer is no.
 *
 * <p>Thread-safe; only the tasks on the executor block.
 */
final class PermissionChecks {
    private static final Logger LOGGER = LoggerFactory.getLogger(PermissionChecks.class);

    private final ChannelAuthorizer authorizer;
    private final Executor executor;

    PermissionChecks(ChannelAuthorizer authorizer, Executor executor) {
        this.authorizer = authorizer;
        this.executor = executor;
    }

    void check(Subscription subscription, ChannelName channel) {
        try {
            executor.execute(() -> ask(subscription, channel));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("This node is shutting down; a permission is not checked", e);
        } catch (Throwable e) { // no memory for the task: a reader whose permission is in doubt must not stay
            Farewell.internalError(subscription.sink());
            throw e;
        }
    }

    private void ask(Subscription subscription, ChannelName channel) {
        try {
            if (!authorizer.mayRead(subscription.reader(), channel)) {
                LOGGER.info("Stream of {} ends: it may no longer read channel=\"{}\"", subscription.reader(), channel);
                StreamFrame farewell = StreamFrame.StreamError.revoked(channel);
                subscription.sink().end(ByteBuffer.wrap(EventStreamEncoder.encode(farewell)), CloseReason.FORBIDDEN);
            }
        } catch (Throwable e) { // the answer is unknown, so the stream ends; its client comes back and is asked again
            Farewell.internalError(subscription.sink());
            LOGGER.error(
                    "The authorizer failed for {}, channel=\"{}\"; the stream ends and its client may come back",
                    subscription.reader(),
                    channel,
                    e);
        }
    }
}
