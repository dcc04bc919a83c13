package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract, line by line, through a real Pushpin. */
class BehindPushpinTest {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended("eventStream.limits.channelsPerStream=20");

    private static final String ELEPHANTS = "\uD83D\uDC18".repeat(255);

    @Test
    void a_stream_begins_like_a_direct_one_and_reveals_no_grip_headers() {
        SERVER.events().send("begin", "message", 1);
        try (TestStream stream = SERVER.stream("/events?channel=begin").awaitOpen()) {
            assertThat(stream.header("content-type")).isEqualTo("text/event-stream");
            assertThat(stream.header("cache-control")).isEqualTo("no-store, no-transform");
            assertThat(stream.header("grip-hold")).isEmpty();
            assertThat(stream.header("grip-link")).isEmpty();
            assertThat(stream.text().replaceAll("retry: \\d+", "retry: 1")).matches("""
                    retry: 1
                    id: begin=[a-z0-9]{6}-1
                    event: stream-open
                    data: \\{"keepAlive":20}

                    """);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "a b", "100%", "%20%I", "é", "a,b;c=\"d\"", "x/y?z#&+", "日本語"})
    void events_arrive_with_the_positions_of_all_channels(String name) {
        String encoded = new ChannelName(name).encoded();
        String epoch = SERVER.events().send(name, "message", 1).id().epoch();
        try (TestStream stream =
                SERVER.stream("/events?channel=" + encoded + "&channel=zz").awaitOpen()) {
            SERVER.events().send(NewEvent.text(name, "message", "100% %I %(x)s é \\ \"\n{}"));
            long second = SERVER.events().send("zz", "message", 3).id().sequence();
            stream.awaitMessages(2);
            assertThat(stream.messages().get(0).data()).isEqualTo("100% %I %(x)s é \\ \"\n{}");
            assertThat(positions(stream, 0))
                    .contains(encoded + "=" + epoch + "-2")
                    .hasSize(2);
            assertThat(positions(stream, 1))
                    .contains(encoded + "=" + epoch + "-2")
                    .anyMatch(position -> position.matches("zz=[a-z0-9]{6}-" + second));
        }
    }

    @Test
    void a_name_of_255_characters_outside_ascii_works() {
        String encoded = new ChannelName(ELEPHANTS).encoded();
        SERVER.events().send(ELEPHANTS, "message", 1);
        try (TestStream stream = SERVER.stream("/events?channel=" + encoded).awaitOpen()) {
            SERVER.events().send(ELEPHANTS, "message", 2);
            stream.awaitMessages(1);
            assertThat(stream.messages().get(0).id()).startsWith(encoded + "=").endsWith("-2");
        }
    }

    @Test
    void a_returning_client_gets_what_it_missed_and_then_live_events() {
        String first = "back=" + SERVER.events().send("back", "message", 1).id();
        for (int i = 2; i <= 50; i++) {
            SERVER.events().send("back", "message", i);
        }
        try (TestStream stream = SERVER.stream("/events?channel=back", "Last-Event-ID", first)) {
            stream.awaitMessages(49);
            SERVER.events().send("back", "message", 51);
            stream.awaitMessages(50);
            assertContiguous(stream, 2, 51);
        }
    }

    @Test
    void ten_thousand_missed_events_arrive_in_pages() {
        String before = "long=0-0";
        sendMany("long", 10_000, "x".repeat(100) + "% ");
        try (TestStream stream = SERVER.stream("/events?channel=long", "Last-Event-ID", before)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> stream.messages().size() >= 10_000);
            SERVER.events().send("long", "message", "live");
            stream.awaitMessages(10_001);
            assertContiguous(stream, 1, 10_001);
            assertThat(stream.messages().get(7_777).data()).isEqualTo("x".repeat(100) + "% 7777");
        }
    }

    @Test
    void missed_events_of_a_channel_whose_name_needs_escapes_arrive_in_pages() {
        String encoded = new ChannelName("ünd 100%").encoded();
        sendMany("ünd 100%", 2_000, "%é");
        try (TestStream stream = SERVER.stream(
                "/events?channel=" + encoded + "&channel=unstored-x", "Last-Event-ID", encoded + "=0-0")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> stream.messages().size() >= 2_000);
            assertContiguous(stream, 1, 2_000);
            assertThat(stream.messages().get(1_999).data()).isEqualTo("%é1999");
            stream.awaitEvent("stream-reset");
            WireEvent reset = stream.events().get(stream.events().size() - 1);
            assertThat(reset.data()).isEqualTo("{\"channels\":[\"unstored-x\"]}");
            assertThat(reset.id()).isEqualTo(stream.messages().get(1_999).id());
        }
    }

    @Test
    void events_of_a_megabyte_arrive_live_and_by_catch_up_although_their_streams_end() {
        String large = "%é".repeat(349_000);
        String before = "large=" + SERVER.events().send("large", "message", 0).id();
        try (ReturningReader live = largeFrom(before)) {
            await().until(() -> live.connections() == 1);
            SERVER.events().send(NewEvent.text("large", "message", large));
            SERVER.events().send("large", "message", "after");
            assertHasBoth(live, large);
        }
        try (ReturningReader missed = largeFrom(before)) {
            assertHasBoth(missed, large);
        }
    }

    private static ReturningReader largeFrom(String before) {
        return new ReturningReader(
                "large", before, position -> SERVER.stream("/events?channel=large", "Last-Event-ID", position));
    }

    private static void assertHasBoth(ReturningReader reader, String large) {
        await().atMost(Duration.ofSeconds(30)).until(() -> reader.count() >= 2);
        assertThat(reader.sequences()).containsExactly(2L, 3L);
        assertThat(reader.seen().get(0).data()).isEqualTo(large);
        assertThat(reader.repeats()).isZero();
    }

    @Test
    void an_unavailable_position_is_reset_by_name() {
        SERVER.events().send("known", "message", 1);
        try (TestStream stream = SERVER.stream(
                "/events?channel=known&channel=quiet%20one", "Last-Event-ID", "known=other9-4,quiet%20one=0-0")) {
            stream.awaitEvent("stream-reset");
            SERVER.events().send("known", "message", 2);
            stream.awaitMessages(1);
            assertThat(stream.events().get(1).data()).isEqualTo("{\"channels\":[\"known\"]}");
            assertContiguous(stream, 2, 2);
        }
    }

    @Test
    void unstored_events_arrive_live_and_without_ids() {
        try (TestStream stream =
                SERVER.stream("/events?channel=unstored-1&channel=unstored-2").awaitOpen()) {
            await().until(() -> {
                SERVER.events().send("unstored-1", "message", "100%");
                return !stream.messages().isEmpty();
            });
            assertThat(stream.text()).contains("\n\nevent: message\ndata: \"100%\"\n\n");
        }
    }

    @Test
    void a_skipped_user_gets_an_event_neither_live_nor_by_catch_up() {
        String jo = TestServer.basic("jo, é");
        String first = "skip=" + SERVER.events().send("skip", "message", 1).id();
        try (TestStream skipped = SERVER.stream("/events?channel=skip", "Authorization", jo)
                        .awaitOpen();
                TestStream other = SERVER.stream("/events?channel=skip", "Authorization", TestServer.basic("al"))
                        .awaitOpen()) {
            SERVER.events()
                    .send(NewEvent.text("skip", "message", "2")
                            .skippingUser("jo, é")
                            .skippingUser("x"));
            SERVER.events().send("skip", "message", 3);
            other.awaitMessages(2);
            skipped.awaitMessages(1);
            assertThat(skipped.messages()).extracting(WireEvent::data).containsExactly("3");
        }
        try (TestStream missed = SERVER.stream("/events?channel=skip", "Authorization", jo, "Last-Event-ID", first)) {
            missed.awaitMessages(1);
            SERVER.events().send("skip", "message", 4);
            missed.awaitMessages(2);
            assertThat(missed.messages()).extracting(WireEvent::data).containsExactly("3", "4");
        }
    }

    @Test
    void events_published_while_a_stream_opens_are_neither_lost_nor_repeated() throws Exception {
        Thread sender = new Thread(
                () -> IntStream.rangeClosed(1, 600).forEach(i -> SERVER.events().send("race", "message", i)));
        sender.start();
        List<TestStream> streams = IntStream.range(0, 20)
                .mapToObj(i -> SERVER.stream("/events?channel=race", "Last-Event-ID", "race=0-0"))
                .toList();
        sender.join();
        streams.forEach(stream -> {
            stream.awaitMessages(600);
            assertContiguous(stream, 1, 600);
            stream.close();
        });
    }

    @Test
    void more_channels_than_a_proxy_allows_are_refused_counting_the_readers_own() {
        String channels = IntStream.range(0, 9).mapToObj(i -> "&channel=c" + i).reduce("", String::concat);
        try (ProxiedServer small = ProxiedServer.recommended()
                        .withGrip("maxSubscriptions: 10")
                        .start();
                TestStream anonymous =
                        small.stream("/events?" + channels.substring(1)).awaitOpen();
                TestStream signedIn = small.stream(
                                "/events?" + channels.substring(1), "Authorization", TestServer.basic("jo"))
                        .awaitOpen();
                TestStream refused =
                        small.stream("/events?channel=c" + channels).awaitEnd()) {
            assertThat(anonymous.hasEnded()).isFalse();
            assertThat(signedIn.hasEnded()).isFalse();
            assertThat(refused.text())
                    .contains(
                            "\"condition\":\"bad-request\"",
                            "10 channels and the reader's own are"
                                    + " requested; a proxy holds 10 on one stream (eventStream.grip.maxSubscriptions)");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void names_that_are_too_long_for_a_later_request_are_refused() {
        String channels = IntStream.range(0, 14)
                .mapToObj(i -> "&channel=" + "x".repeat(250) + i)
                .reduce("", String::concat);
        try (TestStream refused =
                SERVER.stream("/events?" + channels.substring(1)).awaitEnd()) {
            assertThat(refused.text()).contains("server.applicationConnectors[].maxRequestHeaderSize");
        }
    }

    private static void sendMany(String channel, int count, String text) {
        for (int from = 0; from < count; from += 500) {
            SERVER.events()
                    .sendAll(IntStream.range(from, Math.min(count, from + 500))
                            .mapToObj(i -> NewEvent.text(channel, "message", text + i))
                            .toList());
        }
    }

    static void assertContiguous(TestStream stream, int first, int last) {
        assertThat(stream.messages().stream().map(block -> sequence(block.id())).toList())
                .isEqualTo(IntStream.rangeClosed(first, last).boxed().toList());
    }

    private static List<String> positions(TestStream stream, int message) {
        return List.of(stream.messages().get(message).id().split(",", -1));
    }

    private static int sequence(String id) {
        return Integer.parseInt(id.replaceAll("^.*?=[a-z0-9]+-(\\d+).*$", "$1"));
    }
}
