package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers behind a real Pushpin when a publish is lost, a node or control port is dead, or Pushpin restarts. */
class BehindPushpinRepairTest {
    private static final int READERS = 200;
    private static final Duration BOUND = Duration.ofSeconds(8);

    /**
     * One request repairs up to 100 readers, so two are usual. A Pushpin that had no processor for six seconds was seen to send 22 at
     * once, each for a few readers. If every reader had its own link, there would be 200.
     */
    private static final long MOST_REQUESTS = READERS / 4;

    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.behind(2, ProxiedServer::recommended)
            .withProxy("minInterval: 0ms")
            .withRelays();

    @Test
    void a_lost_publish_reaches_two_hundred_readers_with_few_requests() {
        List<TestStream> readers = readers("lost");
        SERVER.events().send("lost", "message", "first");
        readers.forEach(reader -> reader.awaitMessages(1));
        awaitNoRequests();
        long requests = SERVER.nextRequests();

        SERVER.relay().swallow(body -> body.contains("suppressed"));
        SERVER.events().send("lost", "message", "suppressed");
        await().until(() -> !SERVER.relay().swallowed().isEmpty());
        SERVER.events().send("lost", "message", "next");

        await().atMost(BOUND).until(() -> readers.stream().allMatch(reader -> count(reader) >= 3));
        long asked = SERVER.nextRequests() - requests;
        System.out.println("requests to repair " + READERS + " readers: " + asked);
        assertThat(asked).isBetween(1L, MOST_REQUESTS);
        readers.forEach(reader -> assertThat(reader.messages())
                .extracting(WireEvent::data)
                .containsExactly("\"first\"", "\"suppressed\"", "\"next\""));
        readers.forEach(TestStream::close);
    }

    @Test
    void an_event_of_a_node_that_died_before_announcing_it_arrives_without_a_later_event() {
        List<TestStream> readers = readers("died");
        try (TestServer.Node node = SERVER.server().dyingNode()) {
            long requests = SERVER.nextRequests();
            node.send("died", "message", "last words");
            await().atMost(BOUND).until(() -> readers.stream().allMatch(reader -> count(reader) >= 1));
            assertThat(SERVER.nextRequests() - requests).isLessThanOrEqualTo(MOST_REQUESTS);
        }
        readers.forEach(reader -> assertThat(reader.messages()).hasSize(1));
        readers.forEach(TestStream::close);
    }

    @Test
    void a_control_port_that_is_dead_for_20_seconds_loses_nothing_and_delays_no_other_proxy() {
        try (ReturningReader behindDead = reader("dead", 0);
                ReturningReader behindWell = reader("dead", 1)) {
            SERVER.events().send("dead", "message", 1);
            await().until(() -> behindDead.count() == 1 && behindWell.count() == 1);
            SERVER.relay().refuse(true);
            pace(50, 1_000, i -> SERVER.events().send("dead", "message", i));
            await("the other proxy is not delayed")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> behindWell.count() == 1_001);
            SERVER.relay().refuse(false);
            await().atMost(Duration.ofSeconds(20)).until(() -> behindDead.count() == 1_001);
            assertWhole(behindDead, 1_001);
            assertWhole(behindWell, 1_001);
            assertThat(behindDead.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_pushpin_that_restarts_under_load_loses_nothing() {
        List<ReturningReader> readers =
                IntStream.range(0, 20).mapToObj(i -> reader("again", 1)).toList();
        ScheduledExecutorService restarts = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 1; i <= 3; i++) {
                var unused = restarts.schedule(() -> SERVER.pushpin(1).restart(), i * 3L, TimeUnit.SECONDS);
            }
            pace(100, 1_200, i -> SERVER.events().send("again", "message", i));
            readers.forEach(reader -> await().atMost(Duration.ofSeconds(30)).until(() -> reader.count() >= 1_200));
            readers.forEach(reader -> assertWhole(reader, 1_200));
            assertThat(readers).allMatch(reader -> reader.connections() >= 3);
        } finally {
            restarts.shutdownNow();
            readers.forEach(ReturningReader::close);
        }
    }

    @Test
    void readers_of_an_unstored_channel_get_a_reset_if_a_dead_control_port_loses_events() {
        try (TestStream stream = SERVER.stream("/events?channel=unstored-lost").awaitOpen()) {
            await().until(() -> {
                SERVER.events().send("unstored-lost", "message", "before");
                return count(stream) > 0;
            });
            SERVER.relay().refuse(true);
            IntStream.range(0, 30_000).forEach(i -> SERVER.events().send("unstored-lost", "message", i));
            SERVER.relay().refuse(false);
            stream.awaitEvent("stream-reset");
            assertThat(stream.text()).contains("data: {\"channels\":[\"unstored-lost\"]}");
        }
    }

    @AfterEach
    void relay_everything() {
        SERVER.relay().refuse(false);
        SERVER.relay().swallow(body -> false);
    }

    private static List<TestStream> readers(String channel) {
        List<TestStream> readers = IntStream.range(0, READERS)
                .mapToObj(i -> SERVER.stream("/events?channel=" + channel).awaitOpen())
                .toList();
        awaitNoRequests();
        // Pushpin 1.36 sometimes drops a stream right after it has accepted it ("received message out of sequence,
        // canceling")
        return readers.stream()
                .map(reader -> reader.hasEnded()
                        ? SERVER.stream("/events?channel=" + channel).awaitOpen()
                        : reader)
                .toList();
    }

    /** A second after the first stream of a channel, the proxy sends a request for every next link of the channel. */
    private static void awaitNoRequests() {
        AtomicLong before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(30)).during(Duration.ofSeconds(3)).until(() -> {
            long now = SERVER.nextRequests();
            return before.getAndSet(now) == now;
        });
    }

    private static ReturningReader reader(String channel, int pushpin) {
        return new ReturningReader(
                channel,
                channel + "=0-0",
                position -> TestStream.open(
                        SERVER.pushpin(pushpin).uri().getPort(),
                        "/events?channel=" + channel,
                        "Last-Event-ID",
                        position));
    }

    /** Calls {@code send} at the given rate, {@code count} times in total. */
    static void pace(int perSecond, int count, IntConsumer send) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger sent = new AtomicInteger();
        try {
            var unused = clock.scheduleAtFixedRate(
                    () -> {
                        if (sent.get() < count) {
                            send.accept(sent.get());
                            sent.incrementAndGet();
                        }
                    },
                    0,
                    1_000_000 / perSecond,
                    TimeUnit.MICROSECONDS);
            await().atMost(Duration.ofSeconds(60)).until(() -> sent.get() == count);
        } finally {
            clock.shutdownNow();
        }
    }

    private static int count(TestStream stream) {
        return stream.messages().size();
    }

    private static void assertWhole(ReturningReader reader, int count) {
        assertThat(reader.sequences())
                .isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
    }
}
