package dev.eventstream.subscriber;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.loop.Trouble;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authorizer again whether the readers of open streams may still read a channel, and ends the streams if the answer is
 * no. If the authorizer fails, the streams end with a temporary error: their clients come back and are checked again.
 *
 * <p>Each question is asked once for all streams of a reader that wait for it, so the number of waiting questions is bounded by
 * the streams and their channels.
 *
 * <p>Thread-safe; only the tasks on the executor block.
 */
final class PermissionChecks {
    private static final Logger LOGGER = LoggerFactory.getLogger(PermissionChecks.class);

    private final ChannelAuthorizer authorizer;
    private final ReadersByName readers;
    private final Executor executor;
    private final Trouble failing = new Trouble();

    // guarded by itself; the streams of each task that waits, by question or disconnection
    private final Map<Object, Set<Subscription>> waiting = new HashMap<>();

    /**
     * @param reader the reader, or only the name if the current principal is found by it
     */
    private record Question(Object reader, ChannelName channel) {}

    PermissionChecks(ChannelAuthorizer authorizer, ReadersByName readers, Executor executor) {
        this.authorizer = authorizer;
        this.readers = readers;
        this.executor = executor;
    }

    /** Asks whether the stream's reader may still read the channel. */
    void check(Subscription subscription, ChannelName channel) {
        Question question = new Question(key(subscription.reader()), channel);
        submit(question, List.of(subscription), () -> ask(question, subscription.reader()));
    }

    private Object key(Reader reader) {
        return readers.isAvailable() && reader.user().isPresent()
                ? reader.user().get()
                : reader;
    }

    /** Ends streams of a user who was disconnected. */
    void disconnect(List<Subscription> streams, AccessChange.Disconnected disconnected) {
        if (!streams.isEmpty()) {
            StreamFrame farewell = StreamFrame.StreamError.disconnected(disconnected.reason());
            submit(disconnected, streams, () -> end(take(disconnected), farewell, CloseReason.DISCONNECTED));
        }
    }

    /** Ends streams whose clients come back at once. */
    void comeBack(List<Subscription> streams, CloseReason reason) {
        if (!streams.isEmpty()) {
            submit(
                    reason,
                    streams,
                    () -> take(reason).forEach(subscription -> Farewell.comeBack(subscription.sink(), reason)));
        }
    }

    /** How many tasks wait. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** Runs a task for streams, unless it waits already. Without memory for it the streams end, because their rights are in doubt. */
    private void submit(Object key, List<Subscription> streams, Runnable task) {
        synchronized (waiting) {
            boolean isWaiting = waiting.containsKey(key);
            waiting.computeIfAbsent(key, unused -> new LinkedHashSet<>(2)).addAll(streams);
            if (isWaiting) {
                return;
            }
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.debug(
                    "This node is shutting down; {} streams are not checked",
                    take(key).size(),
                    e);
        } catch (Throwable e) {
            take(key).forEach(subscription -> Farewell.internalError(subscription.sink()));
            throw e;
        }
    }

    private Set<Subscription> take(Object key) {
        synchronized (waiting) {
            Set<Subscription> streams = waiting.remove(key);
            return streams == null ? Set.of() : streams;
        }
    }

    private void ask(Question question, Reader reader) {
        Set<Subscription> streams = take(question);
        ChannelName channel = question.channel();
        try {
            boolean mayRead = readers.current(reader)
                    .filter(current -> authorizer.mayRead(current, channel))
                    .isPresent();
            if (!mayRead) {
                LOGGER.info(
                        "{} may no longer read channel=\"{}\"; streams that end: {}", reader, channel, streams.size());
                end(streams, StreamFrame.StreamError.revoked(channel), CloseReason.FORBIDDEN);
            }
            if (failing.ends()) {
                LOGGER.info("The authorizer answers again");
            }
        } catch (Throwable e) {
            streams.forEach(subscription -> Farewell.internalError(subscription.sink()));
            failed(reader, channel, e);
        }
    }

    private void failed(Reader reader, ChannelName channel, Throwable failure) {
        if (failing.begins()) {
            LOGGER.error(
                    "The authorizer failed for {}, channel=\"{}\"; the streams that it is asked about end until it answers, and"
                            + " their clients may come back",
                    reader,
                    channel,
                    failure);
        } else {
            LOGGER.debug("The authorizer failed again for {}, channel=\"{}\"", reader, channel, failure);
        }
    }

    private static void end(Iterable<Subscription> streams, StreamFrame farewell, CloseReason reason) {
        ByteBuffer bytes = ByteBuffer.wrap(EventStreamEncoder.encode(farewell));
        streams.forEach(subscription -> subscription.sink().end(bytes, reason));
    }
}
