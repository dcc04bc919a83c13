package dev.eventstream.http;

import com.google.common.base.Ticker;
import dev.eventstream.event.NewEvent;
import dev.eventstream.hold.ServletsEnd;
import dev.eventstream.http.Refusals.Cause;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.publisher.SentInTurn;
import dev.eventstream.store.EventStoreException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.jersey.server.ChunkedOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs posts of lines, each on its own thread, because a post lasts as long as its client keeps sending.
 *
 * <p>Thread-safe.
 */
final class LinePosts {
    static final MediaType NDJSON = new MediaType("application", "x-ndjson");

    private static final Logger LOGGER = LoggerFactory.getLogger(LinePosts.class);
    /** How long a server that stops waits for posts whose clients are silent. */
    static final Duration STOP_WAIT = Duration.ofSeconds(1);

    private static final Duration SUSPEND_WAIT = Duration.ofMinutes(1);

    private static final int MANY = 1_000_000;
    private static final String FAILED =
            "{\"error\":\"the service failed; the reason is in its log\",\"ended\":true}\n";

    private final EventPublisher publisher;
    private final PublishAccess access;
    private final int maxLineBytes;
    private final Executor executor;
    private final FailureLog failures = new FailureLog("Posted lines", Ticker.systemTicker());
    private final AtomicInteger open;

    // each running post holds a permit
    private final Semaphore idle = new Semaphore(MANY);
    private final CountDownLatch stopping = new CountDownLatch(1);

    /**
     * @param executor refuses a post beyond its limit
     */
    LinePosts(EventPublisher publisher, PublishAccess access, int maxLineBytes, Executor executor) {
        this.publisher = publisher;
        this.access = access;
        this.maxLineBytes = maxLineBytes;
        this.executor = executor;
        this.open = access.openPosts();
    }

    /**
     * Begins to read a request's body, and returns the response to which the answers will be written.
     *
     * @return empty if too many posts are running
     */
    Optional<Response> begin(ContainerRequestContext request, PublishToken token) {
        ChunkedOutput<byte[]> answers = new ChunkedOutput<>(byte[].class);
        PostedLines post = new PostedLines(request.getEntityStream(), new TokenSender(token), maxLineBytes);
        CountDownLatch suspended = new CountDownLatch(1);
        request.setProperty(ServletsEnd.ATTRIBUTE, (Runnable) suspended::countDown);
        try {
            executor.execute(() -> run(post, answers, suspended));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("A post of lines was refused", e);
            return Optional.empty();
        }
        return Optional.of(Response.ok(answers, NDJSON)
                .header(HttpHeaders.CACHE_CONTROL, NoStoreFilter.NO_STORE)
                .header(NoStoreFilter.BUFFERING, "no")
                .build());
    }

    /** Lets all posts end after the lines that they have read. Waits for that, {@link #STOP_WAIT} at most. */
    void stop() {
        stopping.countDown();
        try {
            if (idle.tryAcquire(MANY, STOP_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                idle.release(MANY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until the request is suspended. Jersey 3.1.11 suspends it unless the output is closed already
     * ({@code ServerRuntime.Responder.writeResponse}), and if the output is closed between these two steps, the request never ends.
     */
    private void run(PostedLines post, ChunkedOutput<byte[]> answers, CountDownLatch suspended) {
        idle.acquireUninterruptibly();
        open.incrementAndGet();
        try (answers) {
            if (!suspended.await(SUSPEND_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the servlets have not returned for " + SUSPEND_WAIT);
            }
            runOrReport(post, answers);
        } catch (IOException e) {
            LOGGER.debug("The client of posted lines is gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
            idle.release();
        }
    }

    private void runOrReport(PostedLines post, ChunkedOutput<byte[]> answers) throws IOException, InterruptedException {
        try {
            post.run(answers::write);
        } catch (RuntimeException e) {
            failures.failed(LOGGER, e);
            answers.write(FAILED.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Sends on behalf of a token. */
    private final class TokenSender implements PostedLines.Sender {
        private final PublishToken token;

        TokenSender(PublishToken token) {
            this.token = token;
        }

        @Override
        public Optional<String> refusal(NewEvent event) {
            if (!token.allows(event.channel())) {
                access.refusals().count(Cause.PUBLISH_CHANNEL);
                return Optional.of(PublishAccess.FORBIDDEN);
            }
            try {
                publisher.checkSize(event);
                return Optional.empty();
            } catch (IllegalArgumentException e) {
                countInvalid();
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public SentInTurn send(List<NewEvent> batch) {
            access.count(token, batch.size());
            SentInTurn outcome = SentInTurn.send(publisher, batch);
            outcome.sent().stream()
                    .filter(Optional::isEmpty)
                    .forEach(finished -> access.refusals().count(Cause.PUBLISH_FINISHED));
            outcome.failure().ifPresentOrElse(this::failed, () -> failures.succeeded(LOGGER));
            return outcome;
        }

        private void failed(EventStoreException failure) {
            access.refusals().count(Cause.PUBLISH_FAILED);
            failures.failed(LOGGER, failure);
        }

        @Override
        public void countInvalid() {
            access.refusals().count(Cause.PUBLISH_INVALID);
        }

        @Override
        public void countBytes(int count) {
            token.countBytes(count);
        }

        @Override
        public boolean awaitAllowance() throws InterruptedException {
            Duration wait = token.untilAvailable();
            while (!stopping.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                if (wait.isZero()) {
                    return true;
                }
                wait = token.untilAvailable();
            }
            return false;
        }
    }
}
