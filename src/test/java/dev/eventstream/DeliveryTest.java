package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The delivery contract, for readers that lose their connections at random moments and resume. */
class DeliveryTest {
    private static final int EVENTS = 10_000;
    private static final int SENDERS = 8;
    private static final int READERS = 20;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestServer SERVER = new TestServer("eventStream.retry.min=100ms", "eventStream.retry.max=200ms");

    @Test
    void readers_that_reconnect_get_every_event_once_and_in_order() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            AtomicInteger cuts = new AtomicInteger();
            List<Future<List<String>>> readers = IntStream.range(0, READERS)
                    .mapToObj(seed -> threads.submit(() -> new CutReader(seed, cuts).readAll()))
                    .toList();
            List<Callable<Void>> senders = IntStream.range(0, SENDERS)
                    .mapToObj(sender -> (Callable<Void>) () -> sendShare(sender))
                    .toList();
            for (Future<Void> sender : threads.invokeAll(senders, LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                sender.get();
            }

            List<String> ids = null;
            for (Future<List<String>> reader : readers) {
                List<String> received = reader.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(received).hasSize(EVENTS);
                assertContiguous(received);
                assertThat(ids == null ? received : ids).isEqualTo(received);
                ids = received;
            }
            assertThat(cuts.get()).as("cuts").isGreaterThan(READERS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Void sendShare(int sender) {
        for (int i = 0; i < EVENTS / SENDERS; i++) {
            SERVER.events().send(NewEvent.text("cut", "message", sender + ":" + i));
        }
        return null;
    }

    private static void assertContiguous(List<String> ids) {
        for (int i = 0; i < ids.size(); i++) {
            assertThat(ids.get(i)).endsWith("-" + (i + 1));
        }
    }

    /** Reads from before the first event. Like a client, it drops events whose id it has seen, and no others. */
    private static final class CutReader {
        private final Random random;
        private final AtomicInteger cuts;
        private final List<String> received = new ArrayList<>();
        private String lastEventId = "cut=0-0";

        CutReader(long seed, AtomicInteger cuts) {
            this.random = new Random(seed);
            this.cuts = cuts;
        }

        List<String> readAll() {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (received.size() < EVENTS && System.nanoTime() < end) {
                int until = received.size() + 1 + random.nextInt(2_000);
                try (TestStream stream = SERVER.stream("/events?channel=cut", "Last-Event-ID", lastEventId)) {
                    stream.awaitMessages(Math.min(until, EVENTS) - received.size());
                    keep(stream);
                }
                cuts.incrementAndGet();
            }
            return received;
        }

        private void keep(TestStream stream) {
            for (WireEvent block : stream.events()) {
                lastEventId = block.id().isEmpty() ? lastEventId : block.id();
                if (block.type().equals("message") && sequence(block.id()) > received.size()) {
                    received.add(block.id());
                }
            }
        }

        private static long sequence(String id) {
            return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
        }
    }
}
