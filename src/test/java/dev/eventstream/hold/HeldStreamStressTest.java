package dev.eventstream.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import dev.eventstream.subscriber.StreamSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One thread offers, one completes writes, and one ends the stream, at times that come from fixed seeds. */
class HeldStreamStressTest {
    private static final int ROUNDS = 500;
    private static final int MAX_OFFERS = 50;
    private static final String FAREWELL = "farewell;";

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** One stream: what it took, what it wrote, how it ended. */
    private final class Round implements Callback, StreamSink.Listener {
        final MemoryBudget memory = new MemoryBudget(4 << 20);
        final StringBuilder taken = new StringBuilder();

        @SuppressWarnings("JdkObsolete") // a write may be under way when a test reads it
        final StringBuffer written = new StringBuffer();

        final AtomicInteger ends = new AtomicInteger();
        final Semaphore drains = new Semaphore(0);
        final CompletableFuture<CloseReason> reason = new CompletableFuture<>();
        final HeldStream stream;
        private final Random random;

        Round(long seed) {
            this.random = new Random(seed);
            HeldResponse response = new HeldResponse() {
                @Override
                public void write(boolean last, ByteBuffer bytes, Callback callback) {
                    written.append(UTF_8.decode(bytes.duplicate()));
                    if (random.nextBoolean()) {
                        callback.succeeded();
                    } else {
                        threads.execute(callback::succeeded);
                    }
                }
            };
            HoldTimes times = new HoldTimes(Duration.ofMinutes(1), Duration.ofMinutes(1), Ticker.systemTicker());
            this.stream = new HeldStream(
                    new ResponseOutput(response),
                    this,
                    SharedBytes.unmetered(new byte[0]),
                    memory,
                    times,
                    removed -> {});
            stream.setListener(this);
            stream.start();
        }

        /** Offers numbered pieces, some of them larger than a write, as long as the stream takes them. */
        void offerAll(int count) {
            for (int i = 0; i < count; i++) {
                String piece = i + "-".repeat(i % 5 == 0 ? 20_000 : 10) + ";";
                SharedBytes bytes = SharedBytes.unconditional(piece.getBytes(UTF_8), memory);
                if (stream.offer(bytes)) {
                    taken.append(piece);
                }
                bytes.release();
            }
        }

        @Override
        public void succeeded() {
            ends.incrementAndGet();
        }

        @Override
        public void failed(Throwable failure) {
            ends.incrementAndGet();
        }

        @Override
        public void drained() {
            drains.release();
        }

        @Override
        public void closed(CloseReason cause) {
            reason.complete(cause);
        }
    }

    @Test
    void whatever_was_taken_before_an_orderly_end_is_written_once_in_order_and_the_last_bytes_follow()
            throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Round round = new Round(seed);
            int offers = new Random(seed).nextInt(MAX_OFFERS);
            Future<?> offering = threads.submit(() -> round.offerAll(offers));
            round.stream.end(ByteBuffer.wrap(FAREWELL.getBytes(UTF_8)), CloseReason.SHUTDOWN);
            offering.get();
            CloseReason reason = round.reason.get(30, TimeUnit.SECONDS);

            assertThat(round.written.toString()).as("seed %d", seed).isEqualTo(round.taken + FAREWELL);
            assertThat(reason).isEqualTo(CloseReason.SHUTDOWN);
            assertThat(round.ends.get()).isEqualTo(1);
            assertThat(round.memory.used()).isZero();
        }
    }

    @Test
    void a_client_that_goes_at_any_moment_ends_its_stream_once_and_leaves_no_memory_in_use() throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Round round = new Round(seed);
            Future<?> offering = threads.submit(() -> round.offerAll(MAX_OFFERS));
            Future<?> ending = threads.submit(() -> round.stream.end(ByteBuffer.allocate(0), CloseReason.FORBIDDEN));
            round.stream.clientGone(new IOException("gone"));
            offering.get();
            ending.get();
            CloseReason reason = round.reason.get(30, TimeUnit.SECONDS);

            assertThat(round.ends.get()).as("seed %d", seed).isEqualTo(1);
            assertThat(reason).isIn(CloseReason.CLIENT_GONE, CloseReason.FORBIDDEN);
            assertThat(round.taken.toString()).startsWith(round.written.toString());
            assertThat(round.memory.used()).isZero();
        }
    }

    @Test
    void a_stream_that_refused_an_offer_reports_when_it_can_take_more() throws Exception {
        Round round = new Round(1);
        String piece = "x".repeat(100_000);
        int drained = 0;
        for (int i = 0; i < ROUNDS; i++) {
            SharedBytes bytes = SharedBytes.unconditional(piece.getBytes(UTF_8), round.memory);
            boolean isTaken = round.stream.offer(bytes);
            bytes.release();
            if (!isTaken) {
                drained++;
                assertThat(round.drains.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            }
        }

        assertThat(drained).isPositive();
        assertThat(round.drains.availablePermits()).isZero();
    }
}
