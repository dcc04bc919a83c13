package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.stream.WireReader.WireEvent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions behind a real Pushpin: authorization, kicks and next links. */
class BehindPushpinPermissionsTest {
    private static final int CHANNELS = 5;
    private static final int USERS = 200;

    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended("eventStream.limits.channelsPerStream=20")
            .withProxy("minInterval: 0ms")
            .withGrip("linkTimeoutMin: 5s")
            .withRelays();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"jo|plain", "jo, é; \"x\" 100%|a b,c;d=\"é\" 100%", "\uD83D\uDC18 +|/x?y#z&+", "日本|%20%I"})
    void only_the_reader_who_lost_a_permission_is_disconnected(String user, String channel) {
        String path = "/events?channel=" + new ChannelName(channel).encoded() + "&channel=beside";
        try (TestStream kicked = stream(path, user);
                TestStream other = stream(path, "somebody else");
                TestStream elsewhere = stream("/events?channel=beside", user);
                TestStream anonymous = SERVER.stream(path).awaitOpen();
                TestStream direct =
                        SERVER.direct(path, "Authorization", basic(user)).awaitOpen()) {
            SERVER.events().send(channel, "message", "before");
            List.of(kicked, other, anonymous, direct).forEach(stream -> stream.awaitMessages(1));

            revoke(user, channel);
            kicked.awaitEnd();
            direct.awaitEnd();
            SERVER.events().send(channel, "message", "after");
            SERVER.events().send("beside", "message", "beside");

            List.of(other, anonymous).forEach(stream -> stream.awaitMessages(3));
            elsewhere.awaitMessages(1);
            assertFarewell(kicked, channel);
            assertFarewell(direct, channel);
            assertThat(kicked.text()).doesNotContain("after");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"hall", "hall b,c;d=\"é\" 100%", "unstored-hall"})
    void after_a_change_for_all_readers_of_a_channel_only_those_who_may_read_it_stay(String channel) {
        String path = "/events?channel=" + new ChannelName(channel).encoded() + "&channel=beside";
        try (TestStream anns = stream(path, "ann");
                TestStream bobs = stream(path, "bob");
                TestStream anonymous = SERVER.stream(path).awaitOpen();
                TestStream elsewhere = SERVER.stream("/events?channel=beside").awaitOpen();
                TestStream direct = SERVER.direct(path).awaitOpen()) {
            SERVER.server().service().revoked.addAll(List.of("ann " + channel, " " + channel));
            SERVER.events().channelPermissionChanged(channel);
            List.of(anns, anonymous, direct).forEach(TestStream::awaitEnd);
            SERVER.events().send(channel, "message", "after");
            SERVER.events().send("beside", "message", "beside");
            bobs.awaitMessages(2);
            elsewhere.awaitMessages(1);

            for (TestStream ended : List.of(anns, anonymous, direct)) {
                assertFarewell(ended, channel);
                assertThat(ended.text()).doesNotContain("after");
            }
        }
    }

    @Test
    void events_sent_while_a_proxy_asks_about_streams_reach_only_those_who_may_read_them() {
        try (TestStream anns = stream("/events?channel=busy", "ann");
                TestStream bobs = stream("/events?channel=busy", "bob");
                TestStream anonymous = SERVER.stream("/events?channel=busy").awaitOpen()) {
            SERVER.server().service().revoked.addAll(List.of("ann busy", " busy"));
            SERVER.events().channelPermissionChanged("busy");
            for (int i = 0; i < 50; i++) {
                SERVER.events().send("busy", "message", i);
            }
            anns.awaitEnd();
            anonymous.awaitEnd();
            SERVER.events().send("busy", "message", "last");
            bobs.awaitMessages(51);

            assertThat(bobs.messages().stream().map(WireEvent::data))
                    .containsExactlyElementsOf(IntStream.rangeClosed(0, 50)
                            .mapToObj(i -> i == 50 ? "\"last\"" : Integer.toString(i))
                            .toList());
            assertThat(anns.text()).doesNotContain("last");
            assertThat(anonymous.text()).doesNotContain("last");
        }
    }

    @Test
    void if_the_authorizer_fails_the_streams_end_and_their_clients_come_back() {
        try (TestStream anns = stream("/events?channel=fragile", "ann");
                TestStream anonymous = SERVER.stream("/events?channel=fragile").awaitOpen()) {
            SERVER.server().service().broken.add("fragile");
            SERVER.events().channelPermissionChanged("ann", "fragile");
            SERVER.events().channelPermissionChanged("fragile");
            anns.awaitEnd();
            anonymous.awaitEnd();
            for (TestStream ended : List.of(anns, anonymous)) {
                assertThat(ended.text())
                        .contains("\"condition\":\"internal-error\"")
                        .doesNotContain("id: error");
            }
        } finally {
            SERVER.server().service().broken.clear();
        }
    }

    @Test
    void a_disconnected_user_gets_the_reason_and_may_come_back_after_two_seconds() {
        try (TestStream first = stream("/events?channel=lobby", "eve");
                TestStream second = stream("/events?channel=beside", "eve");
                TestStream direct = SERVER.direct("/events?channel=lobby", "Authorization", basic("eve"))
                        .awaitOpen();
                TestStream anns = stream("/events?channel=lobby", "ann")) {
            SERVER.events().disconnect("eve", "Signed out 100 %");
            for (TestStream ended : List.of(first, second, direct)) {
                ended.awaitEnd();
                assertThat(ended.text()).contains("""
                        id: error
                        event: stream-error
                        data: {"condition":"disconnected","text":"Signed out 100 %","channels":[]}
                        """);
            }
            await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(20)).until(first::hasEnded);
            try (TestStream again = stream("/events?channel=lobby", "eve")) {
                SERVER.events().send("lobby", "message", "welcome back");
                again.awaitMessages(1);
            }
            assertThat(anns.hasEnded()).isFalse();
        }
    }

    @Test
    void a_second_kick_within_a_minute_works_too() {
        for (int i = 0; i < 2; i++) {
            SERVER.server().service().revoked.clear();
            try (TestStream kicked = stream("/events?channel=twice", "jo")) {
                revoke("jo", "twice");
                kicked.awaitEnd();
                assertFarewell(kicked, "twice");
            }
        }
    }

    @Test
    void a_change_that_removes_no_permission_disconnects_no_reader() {
        try (TestStream stream = stream("/events?channel=kept", "jo")) {
            SERVER.events().channelPermissionChanged("jo", "kept");
            SERVER.events().send("kept", "message", 1);
            stream.awaitMessages(1);
            assertThat(stream.hasEnded()).isFalse();
        }
    }

    @Test
    void a_recover_request_ends_the_stream_of_a_reader_whose_kick_was_lost() {
        String channel = "recover 100%";
        try (TestStream stream = stream("/events?channel=" + new ChannelName(channel).encoded(), "jo")) {
            SERVER.server().service().revoked.add("jo " + channel);
            stream.awaitEnd();
            assertFarewell(stream, channel);
        }
    }

    @Test
    void a_deleted_user_is_disconnected_at_the_next_recover_request() {
        try (TestStream stream = stream("/events?channel=gone", "leaver")) {
            SERVER.server().service().gone.add("leaver");
            stream.awaitEnd();
            assertFarewell(stream, "gone");
        }
    }

    @Test
    void no_reader_sees_any_data_of_a_forbidden_channel() {
        List<List<TestStream>> streams = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            forbidOthers(user);
        }
        for (int user = 0; user < USERS; user++) {
            streams.add(new ArrayList<>(List.of(open(user, ""))));
        }
        sendToAll("live", 20);
        for (int user = 0; user < USERS; user++) {
            streams.get(user).get(0).awaitMessages(20 * channelsOf(user).size());
        }

        SERVER.relay().swallow(body -> body.contains("recovered-0-"));
        sendToAll("recovered", 3);
        SERVER.relay().swallow(body -> false);

        for (int user = 0; user < USERS; user += 10) {
            revoke(name(user), "own-" + channelsOf(user).get(0));
        }
        for (int user = 0; user < USERS; user += 10) {
            streams.get(user).get(0).awaitEnd();
        }
        SERVER.pushpin().restart();
        SERVER.awaitReady();
        for (int user = 0; user < USERS; user++) {
            List<TestStream> opened = streams.get(user);
            opened.get(0).awaitEnd();
            opened.add(open(user, opened.get(0).lastEventId()));
        }
        sendToAll("restarted", 3);
        for (int user = 0; user < USERS; user++) {
            int expected = channelsOf(user).size() * 26;
            List<TestStream> opened = streams.get(user);
            if (user % 10 != 0) {
                await("user " + user).atMost(Duration.ofSeconds(90)).until(() -> messages(opened) >= expected);
            }
            assertSeesOnlyItsOwn(user, opened);
        }
        streams.forEach(opened -> opened.forEach(TestStream::close));
    }

    private static void assertSeesOnlyItsOwn(int user, List<TestStream> opened) {
        for (TestStream stream : opened) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                if (!channelsOf(user).contains(channel)) {
                    assertThat(stream.text()).as("user %s", user).doesNotContain("own-" + channel);
                    assertThat(stream.text()).as("user %s", user).doesNotContain("secret-of-" + channel);
                }
            }
        }
        if (user % 10 == 0) {
            int taken = channelsOf(user).get(0);
            assertThat(opened.get(1).text()).as("user %s", user).doesNotContain("secret-of-" + taken);
        }
    }

    private static int messages(List<TestStream> opened) {
        return opened.stream().mapToInt(stream -> stream.messages().size()).sum();
    }

    private static void sendToAll(String when, int times) {
        for (int i = 0; i < times; i++) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                SERVER.events().send("own-" + channel, "message", when + "-" + i + "-secret-of-" + channel);
            }
        }
    }

    private static TestStream open(int user, String lastEventId) {
        String query = String.join(
                "&",
                channelsOf(user).stream()
                        .map(channel -> "channel=own-" + channel)
                        .toList());
        String position = lastEventId.equals("error")
                ? ""
                : "&lastEventId=" + URLEncoder.encode(lastEventId, StandardCharsets.UTF_8);
        return TestStream.open(
                        SERVER.pushpin().uri().getPort(),
                        "/events?" + query + position,
                        "Authorization",
                        basic(name(user)))
                .awaitEvent(event -> true);
    }

    private static String name(int user) {
        return "user " + user;
    }

    private static List<Integer> channelsOf(int user) {
        int mask = user % 31 + 1;
        return IntStream.range(0, CHANNELS)
                .filter(channel -> (mask >> channel & 1) == 1)
                .boxed()
                .toList();
    }

    private static void forbidOthers(int user) {
        IntStream.range(0, CHANNELS)
                .filter(channel -> !channelsOf(user).contains(channel))
                .forEach(channel -> SERVER.server().service().revoked.add(name(user) + " own-" + channel));
    }

    private static TestStream stream(String path, String user) {
        return SERVER.stream(path, "Authorization", basic(user)).awaitOpen();
    }

    private static String basic(String user) {
        return TestServer.basic(user);
    }

    private static void revoke(String user, String channel) {
        SERVER.server().service().revoked.add(user + " " + channel);
        SERVER.events().channelPermissionChanged(user, channel);
    }

    private static void assertFarewell(TestStream stream, String channel) {
        List<WireEvent> events = stream.events();
        WireEvent last = events.get(events.size() - 1);
        assertThat(last.type()).isEqualTo("stream-error");
        assertThat(last.id()).isEqualTo("error");
        assertThat(last.data()).contains("\"condition\":\"forbidden\"");
        assertThat(last.data().replace("\\u0025", "%").replace("\\\"", "\""))
                .contains("\"channels\":[\"" + channel + "\"]");
    }
}
