package dev.eventstream.admin.why;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Asks the application whether a reader may read a channel now.
 *
 * <p>Thread-safe. The question runs on the executor, and its answer is awaited for a limited time. Until it is answered, no other
 * question is asked, so an authorizer that hangs occupies only one thread.
 */
public final class RightsCheck {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ChannelAuthorizer authorizer;
    private final ReadersByName readers;
    private final Executor executor;
    private final AtomicBoolean isAsking = new AtomicBoolean();

    /**
     * @param readers finds users by name
     * @param executor may block
     */
    public RightsCheck(ChannelAuthorizer authorizer, ReadersByName readers, Executor executor) {
        this.authorizer = authorizer;
        this.readers = readers;
        this.executor = executor;
    }

    /** What is wrong with the rights of a stream's reader; empty if nothing is. */
    Optional<Finding> ofReader(Reader reader, ChannelName channel) {
        return ask(() -> readers.current(reader), channel);
    }

    /** What is wrong with the rights of a user; empty if nothing is, or if the application cannot find users by name. */
    Optional<Finding> ofUser(String user, ChannelName channel) {
        return readers.isAvailable() ? ask(() -> readers.find(user), channel) : Optional.empty();
    }

    private Optional<Finding> ask(Supplier<Optional<Reader>> find, ChannelName channel) {
        if (!isAsking.compareAndSet(false, true)) {
            return failed("it has not answered an earlier question yet");
        }
        try {
            return CompletableFuture.supplyAsync(() -> answer(find, channel), executor)
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return failed("it has not answered for " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException e) {
            return failed("it threw " + PlainText.quote(String.valueOf(e.getCause())));
        } catch (RejectedExecutionException e) {
            isAsking.set(false);
            return failed("this node is stopping");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("this node is stopping");
        }
    }

    private Optional<Finding> answer(Supplier<Optional<Reader>> find, ChannelName channel) {
        try {
            Optional<Reader> reader = find.get();
            if (reader.isEmpty()) {
                return Optional.of(
                        Finding.of(
                                Cause.NO_SUCH_USER,
                                "The application does not find a user of that name (principalByName). Names are compared exactly."));
            }
            return authorizer.mayRead(reader.get(), channel)
                    ? Optional.empty()
                    : Optional.of(
                            Finding.of(
                                    Cause.FORBIDDEN,
                                    "The authorizer does not let the reader (" + reader.get()
                                            + ") read the channel now. Such a stream is refused, or ends with stream-error forbidden."));
        } finally {
            isAsking.set(false);
        }
    }

    private static Optional<Finding> failed(String reason) {
        return Optional.of(Finding.of(
                Cause.AUTHORIZER_FAILED,
                "The authorizer could not be asked about the reader: " + reason
                        + ". Streams that it must be asked about end until it answers."));
    }
}
