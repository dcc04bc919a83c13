package dev.eventstream.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Ticker;
import dev.eventstream.TestStream;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.control.http.HttpTransport;
import dev.eventstream.control.zmq.ZmqTransport;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.pushpin.GripOrigin;
import dev.eventstream.pushpin.PushpinProcess;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Lanes to a real Pushpin. */
class LanesWithPushpinTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_DROPPED = 5;

    private final AtomicInteger ownChannels = new AtomicInteger();

    private GripOrigin origin;
    private PushpinProcess pushpin;

    /** Every transport to Pushpin. */
    enum Way {
        HTTP,
        ZMQ_PUSH,
        ZMQ_PUB;

        Transport to(PushpinProcess pushpin) {
            return switch (this) {
                case HTTP -> HttpTransport.to(pushpin.controlUri());
                case ZMQ_PUSH -> ZmqTransport.push(pushpin.pullUri()).withCommand(pushpin.commandUri());
                case ZMQ_PUB -> ZmqTransport.pub(pushpin.subUri()).withCommand(pushpin.commandUri());
            };
        }
    }

    @BeforeEach
    void start() throws IOException {
        origin = GripOrigin.start();
        pushpin = PushpinProcess.before(origin.address()).start().awaitReady(GripOrigin.path("nobody", "live-ready"));
    }

    @AfterEach
    void stop() {
        pushpin.close();
        origin.close();
    }

    // ---- events

    @ParameterizedTest
    @EnumSource(Way.class)
    void events_arrive_in_order_with_the_reader_s_position_and_skip_the_users_they_name(Way way) throws Exception {
        String room = "a b%é😀,;\"";
        try (TestLanes lanes = TestLanes.to(way.to(pushpin), LaneLimits.DEFAULT);
                TestStream bob = open("bob, the 1%", room, "live-x");
                TestStream al = open("al", room)) {
            lanes.proxies()
                    .announce(List.of(
                            append(room, "100% \"é😀\"\n%I"),
                            origin.append(NewEvent.text(room, "message", "not for bob")
                                    .skippingUser("bob, the 1%")),
                            append(room, "3"),
                            append("live-x", "50%")))
                    .get(10, SECONDS);
            await().atMost(PATIENCE)
                    .until(() -> received(bob).size() == 3 && received(al).size() == 3);
            assertThat(data(bob)).containsExactly("100% \"é😀\"\n%I", "3", "50%");
            assertThat(data(al)).containsExactly("100% \"é😀\"\n%I", "not for bob", "3");
            String encoded = new ChannelName(room).encoded();
            assertThat(received(bob)).extracting(WireEvent::id).startsWith(encoded + "=e1-1", encoded + "=e1-3");
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_sequence_of_two_thousand_events_is_complete_and_in_order(Way way) throws Exception {
        try (TestLanes lanes = TestLanes.to(way.to(pushpin), LaneLimits.DEFAULT);
                TestStream stream = open("bob", "a")) {
            for (int i = 1; i <= 200; i++) {
                int from = i * 10 - 9;
                List<Event> events = IntStream.range(from, from + 10)
                        .mapToObj(n -> append("a", Integer.toString(n)))
                        .toList();
                var unused = lanes.proxies().announce(events);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> received(stream).size() >= 2_000);
            assertThat(data(stream))
                    .isEqualTo(IntStream.rangeClosed(1, 2_000)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    @Test
    void a_megabyte_of_percent_signs_arrives_by_a_hint_and_the_stream_continues() throws Exception {
        try (TestLanes lanes = TestLanes.to(Way.HTTP.to(pushpin), LaneLimits.DEFAULT);
                TestStream stream = open("bob", "a")) {
            String longOne = "%".repeat(600_000);
            announce(lanes, append("a", "1"));
            announce(lanes, append("a", longOne));
            announce(lanes, append("a", "3"));
            await().atMost(PATIENCE).until(() -> received(stream).size() == 3);
            announce(lanes, append("a", "4"));
            await().atMost(PATIENCE).until(() -> received(stream).size() == 4);
            assertThat(data(stream)).containsExactly("1", longOne, "3", "4");
        }
    }

    @Test
    void the_longest_body_is_accepted() throws Exception {
        try (TestLanes lanes = TestLanes.to(Way.HTTP.to(pushpin), LaneLimits.DEFAULT)) {
            HttpTransport transport = HttpTransport.to(pushpin.controlUri());
            lanes.announce("first").get(10, SECONDS);
            int overhead = new ItemEncoder(new UniqueIds(), false)
                    .event(lanes.next(""))
                    .length();
            lanes.announce("x".repeat(transport.maxItemBytes() - overhead)).get(10, SECONDS);
            assertThat(lanes.metrics().meter("eventstream.proxy.test.sent").getCount())
                    .isEqualTo(2);
            assertThat(lanes.metrics().meter("eventstream.proxy.test.failed").getCount())
                    .isZero();
        }
    }

    // ---- repairs

    @ParameterizedTest
    @EnumSource(Way.class)
    void stored_events_that_overflow_the_queue_are_read_from_the_log_and_unstored_ones_cause_a_reset(Way way)
            throws Exception {
        LaneLimits limits = LaneLimits.DEFAULT.withQueue(10, 1_000_000).withMinInterval(Duration.ofSeconds(2));
        try (TestLanes lanes = TestLanes.to(way.to(pushpin), limits);
                TestStream stream = open("bob", "a", "live-x")) {
            // the next request has to wait, so events that are announced now gather in the queue
            announce(lanes, append("a", "1"));
            List<Event> many = new ArrayList<>(List.of(append("live-x", "lost")));
            IntStream.rangeClosed(2, 40).forEach(n -> many.add(append("a", Integer.toString(n))));
            announce(lanes, many.toArray(Event[]::new));
            await().atMost(PATIENCE).until(() -> received(stream).size() == 41);
            announce(lanes, append("a", "41"));
            await().atMost(PATIENCE).until(() -> data(stream).contains("41"));
            assertThat(received(stream).stream().filter(event -> event.type().equals("message")))
                    .extracting(WireEvent::data)
                    .isEqualTo(IntStream.rangeClosed(1, 41)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(received(stream).stream().filter(event -> event.type().equals("stream-reset")))
                    .extracting(WireEvent::data)
                    .containsExactly("{\"channels\":[\"live-x\"]}");
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_proxy_that_hangs_for_a_while_gets_everything_afterwards(Way way) throws Exception {
        try (TestLanes lanes = TestLanes.to(way.to(pushpin), LaneLimits.DEFAULT);
                TestStream stream = open("bob", "a")) {
            announce(lanes, append("a", "1"));
            await().atMost(PATIENCE).until(() -> received(stream).size() == 1);
            pushpin.suspendHandler();
            long until = System.nanoTime() + SECONDS.toNanos(7);
            for (int n = 2; System.nanoTime() < until; n++) {
                var unused = lanes.proxies().announce(List.of(append("a", Integer.toString(n))));
                await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            }
            pushpin.resumeHandler();
            announce(lanes, append("a", "last"));
            await().atMost(PATIENCE).until(() -> data(stream).contains("last"));
            List<String> data = data(stream);
            assertThat(data.subList(0, data.size() - 1))
                    .isEqualTo(IntStream.range(1, data.size())
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_proxy_that_was_restarted_gets_events_again(Way way) throws Exception {
        try (TestLanes lanes = TestLanes.to(way.to(pushpin), LaneLimits.DEFAULT)) {
            try (TestStream stream = open("bob", "a")) {
                announce(lanes, append("a", "1"));
                await().atMost(PATIENCE).until(() -> data(stream).equals(List.of("1")));
            }
            pushpin.stop();
            var whileAway = lanes.proxies().announce(List.of(append("a", "2")));
            pushpin.start();
            pushpin.awaitReady(GripOrigin.path("nobody", "live-ready"));
            try (TestStream stream = open("bob", "a")) {
                whileAway.get(20, SECONDS);
                announce(lanes, append("a", "3"));
                await().atMost(PATIENCE).until(() -> data(stream).contains("3"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_proxy_can_be_made_to_ask_for_everything(Way way) throws Exception {
        try (TestStream stream = open("bob", "a");
                ControlClient client = way.to(pushpin).open(Ticker.systemTicker())) {
            append("a", "1");
            client.recoverAll();
            await().atMost(PATIENCE).until(() -> data(stream).equals(List.of("1")));
        }
    }

    // ---- kicks

    @ParameterizedTest
    @CsvSource({"bob,a", "'b o%b,é😀;\"','c h%a,é😀;\"'"})
    void a_kicked_user_gets_the_farewell_and_only_streams_with_the_channel_end(String user, String channel)
            throws Exception {
        byte[] farewell = "event: stream-error\ndata: 100% é😀\n\n".getBytes(StandardCharsets.UTF_8);
        try (TestLanes lanes = TestLanes.to(Way.HTTP.to(pushpin), LaneLimits.DEFAULT);
                TestStream spared = open(user, "other");
                TestStream other = open("al", channel)) {
            // twice within the minute for which Pushpin remembers ids
            for (int i = 0; i < 2; i++) {
                try (TestStream stream = open(user, channel, "other")) {
                    lanes.proxies().kick(user, new ChannelName(channel), farewell);
                    await().atMost(PATIENCE).until(stream::hasEnded);
                    assertThat(data(stream)).containsExactly("100% é😀");
                }
            }
            announce(lanes, append("other", "1"), append(channel, "1"));
            await().atMost(PATIENCE)
                    .until(() -> received(spared).size() == 1 && received(other).size() == 1);
            assertThat(data(spared)).containsExactly("1");
            assertThat(spared.hasEnded() || other.hasEnded()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_kick_works_over_every_transport(Way way) throws Exception {
        try (TestLanes lanes = TestLanes.to(way.to(pushpin), LaneLimits.DEFAULT);
                TestStream stream = open("bob", "a")) {
            lanes.proxies().kick("bob", new ChannelName("a"), "data: bye\n\n".getBytes(StandardCharsets.UTF_8));
            await().atMost(PATIENCE).until(stream::hasEnded);
            assertThat(data(stream)).containsExactly("bye");
        }
    }

    // ---- several

    @Test
    void two_lanes_to_one_proxy_deliver_each_event_once() throws Exception {
        LaneLimits limits = LaneLimits.DEFAULT;
        try (TestLanes lanes = new TestLanes(
                        new ProxySettings("http", Way.HTTP.to(pushpin)).withLimits(limits),
                        new ProxySettings("zmq", Way.ZMQ_PUSH.to(pushpin)).withLimits(limits));
                TestStream stream = open("bob", "a", "live-x")) {
            for (int n = 1; n <= 20; n++) {
                announce(lanes, append("a", "a" + n), append("live-x", "x" + n));
            }
            await().atMost(PATIENCE).until(() -> received(stream).size() >= 40);
            assertThat(data(stream)).hasSize(40).doesNotHaveDuplicates();
        }
    }

    private Event append(String channel, String data) {
        return origin.append(NewEvent.text(channel, "message", data));
    }

    private static void announce(TestLanes lanes, Event... events) throws Exception {
        lanes.proxies().announce(List.of(events)).get(20, SECONDS);
    }

    /**
     * Opens a stream again and again until Pushpin holds it, as a returning client would. Pushpin 1.36 sometimes drops a stream right
     * after it has accepted it ("received message out of sequence, canceling"). The stream has a further channel that no other stream
     * has: about a second after the first stream of a channel, Pushpin makes a request, which shows that it holds the stream.
     */
    private TestStream open(String user, String... channels) {
        for (int attempt = 1; attempt <= MOST_DROPPED; attempt++) {
            String own = "live-own-" + ownChannels.incrementAndGet();
            String[] all = Stream.concat(Stream.of(channels), Stream.of(own)).toArray(String[]::new);
            TestStream stream = TestStream.open(GripOrigin.through(pushpin, GripOrigin.path(user, all)))
                    .awaitEvent("stream-open");
            await().atMost(PATIENCE).until(() -> stream.hasEnded() || hasAskedFor(own));
            if (!stream.hasEnded()) {
                return stream;
            }
            stream.close();
        }
        throw new AssertionError("Pushpin has dropped " + MOST_DROPPED + " streams one after the other");
    }

    private boolean hasAskedFor(String channel) {
        return origin.recoveries().stream().anyMatch(path -> path.endsWith('/' + channel));
    }

    /** What a stream has received after {@code stream-open}. */
    private static List<WireEvent> received(TestStream stream) {
        return stream.events().stream().skip(1).toList();
    }

    private static List<String> data(TestStream stream) {
        return received(stream).stream().map(WireEvent::data).toList();
    }
}
