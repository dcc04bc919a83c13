package dev.eventstream.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.RawStream;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that are slow, stalled, silent or gone, and a node that shuts down. */
class HoldTest {
    private static final String TEN_KILOBYTES = "x".repeat(10_000);

    @RegisterExtension
    static final TestServer SERVER = new TestServer("eventStream.keepAlive=1s", "eventStream.stallTimeout=10s");

    @Test
    void client_that_does_not_read_delays_no_other_client_and_gets_everything_once_it_reads() throws Exception {
        try (RawStream slow = new RawStream(SERVER.port(), "/events?channel=slow");
                TestStream fast = SERVER.stream("/events?channel=slow").awaitOpen()) {
            slow.readUntil("stream-open");
            long overflows = SERVER.metered("eventstream.overflows");
            int events = 0;
            while (SERVER.metered("eventstream.overflows") == overflows && events < 2_000) {
                SERVER.events().send(NewEvent.text("slow", "message", TEN_KILOBYTES));
                events++;
            }
            Event last = SERVER.events().send(NewEvent.text("slow", "last", "the end"));
            fast.awaitMessages(events + 1);

            assertThat(SERVER.metered("eventstream.overflows")).isGreaterThan(overflows);
            String seen = slow.readUntil("id: slow=" + last.id());
            assertThat(seen.split("event: message", -1)).hasSize(events + 1);
        }
    }

    @Test
    void client_that_reads_nothing_for_too_long_is_cut_off() throws Exception {
        long stalled = SERVER.counted("eventstream.streams.ended.stalled");
        try (RawStream deaf = new RawStream(SERVER.port(), "/events?channel=deaf")) {
            deaf.readUntil("stream-open");
            List<NewEvent> megabytes = new ArrayList<>();
            IntStream.range(0, 1_000).forEach(i -> megabytes.add(NewEvent.text("deaf", "message", TEN_KILOBYTES)));
            SERVER.events().sendAll(megabytes);

            await().atMost(Duration.ofSeconds(40))
                    .until(() -> SERVER.counted("eventstream.streams.ended.stalled") > stalled);
        }
    }

    @Test
    void client_that_reads_large_events_slowly_but_steadily_is_not_cut_off() throws Exception {
        long stalled = SERVER.counted("eventstream.streams.ended.stalled");
        String threeMegabytes = "€".repeat(1_000_000);
        try (RawStream slow = new RawStream(SERVER.port(), "/events?channel=large")) {
            slow.readUntil("stream-open");
            SERVER.events()
                    .sendAll(List.of(
                            NewEvent.text("large", "message", threeMegabytes),
                            NewEvent.text("large", "message", threeMegabytes),
                            NewEvent.text("large", "last", "the end")));
            long longerThanTheTimeout =
                    System.nanoTime() + Duration.ofSeconds(15).toNanos();
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> slow.read(2_000) == 2_000 && System.nanoTime() > longerThanTheTimeout);

            assertThat(SERVER.counted("eventstream.streams.ended.stalled")).isEqualTo(stalled);
            assertThat(slow.readUntil("event: last")).hasSizeGreaterThan(5_000_000);
        }
    }

    @Test
    void clients_that_do_not_read_their_first_answer_occupy_no_thread() throws Exception {
        TestServer server =
                new TestServer("server.maxThreads=20", "server.minThreads=1", "eventStream.stallTimeout=60s");
        server.start();
        List<RawStream> deaf = new ArrayList<>();
        try {
            Event first = server.events().send("huge", "message", 1);
            server.events().send(NewEvent.text("huge", "message", "€\n".repeat(500_000)));
            for (int i = 0; i < 40; i++) {
                deaf.add(new RawStream(server.port(), "/events?channel=huge&lastEventId=huge=" + first.id()));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> server.openStreams() == 40);

            try (TestStream other = server.stream("/events?channel=other").awaitOpen()) {
                assertThat(other.status()).isEqualTo(200);
            }
            deaf.get(0).readUntil("event: message\ndata: ");
        } finally {
            for (RawStream stream : deaf) {
                stream.close();
            }
            server.stop();
        }
    }

    @Test
    void silence_is_broken_by_keep_alives_without_id() {
        try (TestStream stream = SERVER.stream("/events?channel=silent").awaitOpen()) {
            stream.awaitEvent("keep-alive");

            assertThat(stream.text()).endsWith("\n\nevent: keep-alive\ndata:\n\n");
        }
    }

    @Test
    void unstored_events_that_a_slow_client_lost_are_named_by_a_reset() throws Exception {
        try (RawStream slow = new RawStream(SERVER.port(), "/events?channel=unstored-slow")) {
            slow.readUntil("stream-open");
            long overflows = SERVER.metered("eventstream.overflows");
            int events = 0;
            while (SERVER.metered("eventstream.overflows") == overflows && events < 2_000) {
                SERVER.events().send(NewEvent.text("unstored-slow", "message", TEN_KILOBYTES));
                events++;
            }

            slow.readUntil("event: stream-reset\ndata: {\"channels\":[\"unstored-slow\"]}\n\n");
            SERVER.events().send("unstored-slow", "after", 1);
            slow.readUntil("event: after\ndata: 1\n\n");
        }
    }

    @Test
    void node_that_stops_reports_it_first_and_spreads_the_ends_of_its_streams() throws Exception {
        TestServer server = new TestServer("eventStream.drain=60s", "server.shutdownGracePeriod=20s");
        server.start();
        List<RawStream> streams = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            streams.add(new RawStream(server.port(), "/events?channel=drains"));
            streams.get(i).readUntil("stream-open");
        }
        Event last = server.events().send("drains", "last", 1);
        for (RawStream stream : streams) {
            stream.readUntil("event: last");
        }
        HealthCheck.Result before = drainHealth(server);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
        await().pollInterval(Duration.ofMillis(10)).until(() -> server.openStreams() < 300);
        HealthCheck.Result during = drainHealth(server);
        TestStream late =
                server.stream("/events?channel=drains&lastEventId=drains=0-0").awaitEnd();

        assertThat(server.openStreams()).as("they do not end at once").isPositive();
        assertThat(before.isHealthy()).isTrue();
        assertThat(during.isHealthy()).isFalse();
        assertThat(during.getMessage()).contains("eventStream.drain");
        assertThat(late.lastEventId()).isEqualTo("drains=" + last.id());
        assertThat(late.text()).containsPattern("\nretry: \\d{3,4}\n\n$");
        for (RawStream stream : streams) {
            assertThat(stream.readUntil("\r\n0\r\n\r\n")).containsPattern("\nretry: \\d{3,4}\n\n");
            stream.close();
        }
        stopped.get(60, TimeUnit.SECONDS);
    }

    @Test
    void clients_that_come_back_when_they_are_told_to_meet_no_refusal_while_the_node_stops() throws Exception {
        TestServer server = new TestServer("server.shutdownGracePeriod=20s");
        server.start();
        List<ReturningClient> clients = IntStream.range(0, 30)
                .mapToObj(i -> new ReturningClient(server.port()))
                .toList();
        clients.forEach(ReturningClient::awaitOpen);
        long start = System.nanoTime();
        server.stop();
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(took).as("5 s of drain and 2 s").isLessThan(Duration.ofSeconds(7));
        for (ReturningClient client : clients) {
            assertThat(client.statuses()).hasSizeGreaterThan(1).containsOnly(200);
            client.close();
        }
    }

    private static HealthCheck.Result drainHealth(TestServer server) {
        return server.support().getEnvironment().healthChecks().runHealthCheck("eventstream-drain");
    }

    @Test
    void node_that_stops_ends_its_streams_in_good_order_and_soon() throws Exception {
        TestServer server = new TestServer("server.shutdownGracePeriod=20s");
        server.start();
        List<TestStream> streams = IntStream.range(0, 50)
                .mapToObj(i -> server.stream("/events?channel=stops").awaitOpen())
                .toList();
        try (RawStream raw = new RawStream(server.port(), "/events?channel=stops")) {
            raw.readUntil("stream-open");
            long start = System.nanoTime();
            server.stop();
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            raw.readUntil("\r\n0\r\n\r\n");
            streams.forEach(TestStream::awaitEnd);
            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("eventstream-fanout") && thread.isAlive())
                    .hasSizeLessThanOrEqualTo(1);
        }
    }
}
