package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.presence.Presence;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The readers of a channel, on one node. */
class PresenceTest {
    private static final TestServer SERVER = TestServer.withMore(
            "presence: {channels: [\"room-*\", \"members-*\", \"broken-*\"], events: true, debounce: 1s}");

    @BeforeAll
    static void start() throws Exception {
        SERVER.start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> SERVER.events().presence("room-0").isComplete());
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    private static TestStream open(String channel, String user) {
        String path = "/events?channel=" + channel;
        return (user.isEmpty() ? SERVER.stream(path) : SERVER.stream(path, "Authorization", TestServer.basic(user)))
                .awaitOpen();
    }

    private static RawHttp.Answer ask(String query, String user) throws IOException {
        return user.isEmpty()
                ? RawHttp.get(SERVER.port(), "/events/presence" + query)
                : RawHttp.get(SERVER.port(), "/events/presence" + query, "Authorization: " + TestServer.basic(user));
    }

    @Test
    void the_application_sees_who_reads_a_channel() {
        try (TestStream first = open("room-1", "ann");
                TestStream second = open("room-1&channel=room-2", "ann");
                TestStream third = open("room-1", "");
                TestStream other = open("orders", "bob")) {
            assertThat(SERVER.events().presence("room-1"))
                    .isEqualTo(new Presence(new ChannelName("room-1"), 2, 3, List.of("ann"), true));
            assertThat(SERVER.events().presence("room-2").users()).containsExactly("ann");
            assertThat(SERVER.gauged("eventstream.presence.streams")).isGreaterThanOrEqualTo(4);
            assertThat(first.hasEnded() || second.hasEnded() || third.hasEnded() || other.hasEnded())
                    .isFalse();
        }
        await().untilAsserted(() ->
                assertThat(SERVER.events().presence("room-1").streams()).isZero());
    }

    @Test
    void a_channel_with_joins_and_leaves_cannot_finish_and_the_message_names_the_reason() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> SERVER.events().finish("presence:room-1"))
                .withMessage("channel \"presence:room-1\" is not stored, because of eventStream.presence.events or"
                        + " eventStream.unstored; only a stored channel can be finished, because its log tells"
                        + " readers where it ends");
    }

    @Test
    void a_reader_gets_the_number_and_only_a_permitted_one_the_names() throws IOException {
        try (TestStream ann = open("room-3", "ann");
                TestStream anonymous = open("room-3", "")) {
            assertThat(ask("?channel=room-3", "bob").body())
                    .isEqualTo("{\"channel\":\"room-3\",\"readers\":2,\"streams\":2,\"complete\":true}");
            assertThat(ask("?channel=room-3", "").body())
                    .isEqualTo("{\"channel\":\"room-3\",\"readers\":2,\"streams\":2,\"complete\":true}");
            RawHttp.Answer permitted = ask("?channel=room-3", "host-carl");
            assertThat(permitted.status()).isEqualTo(200);
            assertThat(permitted.header("Content-Type")).isEqualTo("application/json");
            assertThat(permitted.header("Cache-Control")).isEqualTo("no-store, no-transform");
            assertThat(permitted.body())
                    .isEqualTo(
                            "{\"channel\":\"room-3\",\"readers\":2,\"streams\":2,\"complete\":true,\"users\":[\"ann\"]}");
            assertThat(ann.hasEnded() || anonymous.hasEnded()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                              | ''        | 400 | the address names 0 channels; allowed is one, as in ?channel=NAME
            ?channel=room-1&channel=room-2  | ''        | 400 | the address names 2 channels; allowed is one, as in ?channel=NAME
            ?channel=                       | ''        | 400 | channel name \\"\\" has 0 characters; allowed are 1 to 255
            ?channel=room%0A1               | ''        | 400 | channel name \\"room\uFFFD1\\" has a control character or half a surrogate pair; any other Unicode is allowed
            ?channel=members-1              | ''        | 403 | You may not read this channel.
            ?channel=secret-1               | host-carl | 403 | You may not read this channel.
            ?channel=orders                 | ''        | 404 | the readers of channel \\"orders\\" are not counted: no pattern in eventStream.presence.channels matches it
            ?channel=presence:room-1        | host-carl | 404 | the readers of channel \\"presence:room-1\\" are not counted: no pattern in eventStream.presence.channels matches it
            ?channel=broken-1               | ''        | 500 | The service failed; the reason is in its log.
            """)
    void a_malformed_or_forbidden_request_gets_a_reason(String query, String user, int status, String message)
            throws IOException {
        RawHttp.Answer answer = ask(query, user);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("{\"message\":\"" + message + "\"}");
    }

    @Test
    void wrong_and_expired_credentials_are_refused() throws IOException {
        assertThat(RawHttp.get(SERVER.port(), "/events/presence?channel=room-1", "Authorization: Bearer wrong")
                        .status())
                .isEqualTo(401);
        SERVER.service().expiries.put("host-late", Instant.EPOCH);
        assertThat(ask("?channel=room-1", "host-late").status()).isEqualTo(401);
    }

    @Test
    void a_page_of_another_site_cannot_use_the_credentials_of_its_visitor() throws IOException {
        RawHttp.Answer answer = RawHttp.get(
                SERVER.port(),
                "/events/presence?channel=room-1",
                "Cookie: session=of-host-carl",
                "Origin: https://evil.example",
                "Sec-Fetch-Site: cross-site");
        assertThat(answer.status()).isEqualTo(403);
        RawHttp.Answer allowed = RawHttp.get(
                SERVER.port(),
                "/events/presence?channel=room-1",
                "Cookie: session=of-host-carl",
                "Origin: https://app.example.com",
                "Sec-Fetch-Site: cross-site");
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.com");
    }

    @Test
    void joins_and_leaves_reach_only_readers_who_may_see_the_names() {
        try (TestStream host = open("presence:room-5", "host-carl");
                TestStream watcher = SERVER.stream(
                                "/events?channel=presence:room-5", "Authorization", TestServer.basic("bob"))
                        .awaitEnd()) {
            assertThat(watcher.text()).contains("\"condition\":\"forbidden\"");
            try (TestStream ann = open("room-5", "ann");
                    TestStream anonymous = open("room-5", "")) {
                host.awaitMessages(1);
                assertThat(ann.hasEnded() || anonymous.hasEnded()).isFalse();
            }
            host.awaitMessages(2);
            assertThat(host.messages())
                    .extracting(WireEvent::type, WireEvent::data)
                    .containsExactly(
                            tuple("join", "{\"user\":\"ann\",\"readers\":2}"),
                            tuple("leave", "{\"user\":\"ann\",\"readers\":0}"));
        }
    }

    @Test
    void a_reader_who_loses_the_permission_no_longer_counts() {
        try (TestStream ann = open("room-6", "ann")) {
            SERVER.service().revoked.add("ann room-6");
            SERVER.events().channelPermissionChanged("ann", "room-6");
            ann.awaitEnd();
        }
        await().untilAsserted(() ->
                assertThat(SERVER.events().presence("room-6").users()).isEmpty());
    }

    @Test
    void an_application_learns_what_to_configure() throws Exception {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> SERVER.events().presence("orders"))
                .withMessageContaining("eventStream.presence.channels");
        TestServer without = new TestServer();
        without.start();
        try {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> without.events().presence("room-1"))
                    .withMessage("readers are not counted; eventStream.presence names the channels");
            try (TestStream stream = without.stream("/events/presence").awaitOpen()) {
                assertThat(stream.hasEnded())
                        .as("stream of the channel presence")
                        .isFalse();
            }
        } finally {
            without.stop();
        }
    }
}
