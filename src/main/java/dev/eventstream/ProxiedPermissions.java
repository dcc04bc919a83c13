package dev.eventstream;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.control.Proxies;
import dev.eventstream.loop.Trouble;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.stream.StreamFrame.StreamError;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disconnects readers at every proxy. A proxy knows only the name of a user, so this class asks the authorizer, once for all of the
 * user's streams. No node knows which users read a channel, so after a change for all readers of a channel the proxies ask about
 * each stream.
 *
 * <p>At most {@value #MAX_WAITING} changes wait; beyond that the proxies ask about every stream.
 *
 * <p>Thread-safe. Asks the authorizer on the executor.
 */
final class ProxiedPermissions implements Permissions {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProxiedPermissions.class);

    /** Changes that can wait for the authorizer. */
    static final int MAX_WAITING = 10_000;

    private final Proxies proxies;
    private final ChannelAuthorizer authorizer;
    private final ReadersByName readers;
    private final Executor executor;
    private final Supplier<StreamFrame> failure;
    private final Trouble failing = new Trouble();

    // guarded by itself
    private final Set<AccessChange> waiting = new HashSet<>();

    /**
     * @param failure makes the last frame of a stream if the authorizer fails, with a random time to come back
     */
    ProxiedPermissions(
            Proxies proxies,
            ChannelAuthorizer authorizer,
            ReadersByName readers,
            Executor executor,
            Supplier<StreamFrame> failure) {
        this.proxies = proxies;
        this.authorizer = authorizer;
        this.readers = readers;
        this.executor = executor;
        this.failure = failure;
    }

    @Override
    public void changed(AccessChange change) {
        if (change instanceof AccessChange.Disconnected disconnected) {
            proxies.disconnect(disconnected.user(), encode(StreamError.disconnected(disconnected.reason())));
            return;
        }
        boolean isFull;
        synchronized (waiting) {
            if (waiting.contains(change)) {
                return;
            }
            isFull = waiting.size() >= MAX_WAITING;
            if (!isFull) {
                waiting.add(change);
            }
        }
        if (isFull) {
            proxies.questionAll();
        } else {
            execute(change);
        }
    }

    private void execute(AccessChange change) {
        try {
            executor.execute(() -> {
                forget(change);
                apply(change);
            });
        } catch (RejectedExecutionException e) {
            forget(change);
            LOGGER.debug("This node is shutting down; a permission is not checked", e);
        } catch (Throwable e) { // no memory for the task
            forget(change);
            proxies.questionAll();
            throw e;
        }
    }

    private void forget(AccessChange change) {
        synchronized (waiting) {
            waiting.remove(change);
        }
    }

    private void apply(AccessChange change) {
        if (change instanceof AccessChange.OfUser ofUser) {
            String user = ofUser.user();
            farewell(() -> readers.find(user), ofUser.channel())
                    .ifPresent(frame -> proxies.kick(user, ofUser.channel(), frame));
        } else if (change instanceof AccessChange.OfChannel ofChannel) {
            farewell(() -> Optional.of(Reader.anonymous()), ofChannel.channel())
                    .ifPresent(frame -> proxies.kickAnonymous(ofChannel.channel(), frame));
            proxies.question(ofChannel.channel());
        }
    }

    /** The last frame of the reader's streams; empty if it may read the channel. */
    private Optional<byte[]> farewell(Supplier<Optional<Reader>> reader, ChannelName channel) {
        try {
            boolean mayRead = reader.get()
                    .filter(found -> authorizer.mayRead(found, channel))
                    .isPresent();
            if (failing.ends()) {
                LOGGER.info("The authorizer answers again");
            }
            return mayRead ? Optional.empty() : Optional.of(encode(StreamError.revoked(channel)));
        } catch (Throwable e) { // the streams must not stay open without an answer
            if (failing.begins()) {
                LOGGER.error(
                        "The authorizer failed for channel=\"{}\"; the streams that it is asked about end until it answers, and"
                                + " their clients may come back",
                        channel,
                        e);
            }
            return Optional.of(encode(failure.get()));
        }
    }

    private static byte[] encode(StreamFrame frame) {
        return EventStreamEncoder.encode(frame);
    }
}
