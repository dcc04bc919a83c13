package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.stream.WireReader.WireEvent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams behind a real Pushpin do not outlive the rights of their readers, nor their greatest age. */
class BehindPushpinRightsTest {
    @RegisterExtension
    static final ProxiedServer AGING =
            ProxiedServer.recommended("eventStream.maxStreamAge=4s").withGrip("linkTimeoutMin: 1s");

    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended().withGrip("linkTimeoutMin: 1s");

    @ParameterizedTest
    @ValueSource(strings = {"", "ann"})
    void a_client_whose_streams_end_at_their_greatest_age_comes_back_without_a_gap_or_an_error(String user) {
        String channel = "ages" + user;
        String[] headers = user.isEmpty() ? new String[0] : new String[] {"Authorization", TestServer.basic(user)};
        List<String> data = new ArrayList<>();
        String position = AGING.events().currentEventId(channel);
        int sent = 0;
        for (int streams = 0; streams < 2; streams++) {
            try (TestStream stream = open(channel, position, headers)) {
                while (!stream.hasEnded()) {
                    AGING.events().send(channel, "message", sent++);
                    stream.awaitMoreThan(stream.events().size());
                }
                stream.messages().stream().map(WireEvent::data).forEach(data::add);
                assertThat(stream.text())
                        .containsPattern("retry: [0-9]{2,4}\n\n$")
                        .doesNotContain("stream-error");
                position = stream.lastEventId();
            }
        }
        try (TestStream last = open(channel, position, headers)) {
            last.awaitMessages(sent - data.size());
            last.messages().stream().map(WireEvent::data).forEach(data::add);
        }

        assertThat(data)
                .containsExactlyElementsOf(
                        IntStream.range(0, sent).mapToObj(Integer::toString).toList());
    }

    private static TestStream open(String channel, String position, String... headers) {
        return AGING.stream(
                        "/events?channel=" + channel + "&lastEventId="
                                + URLEncoder.encode(position, StandardCharsets.UTF_8),
                        headers)
                .awaitOpen();
    }

    @Test
    void a_stream_ends_when_the_credentials_of_its_reader_expire_even_if_its_channel_is_busy() {
        Instant expiry = Instant.now().plusSeconds(3);
        SERVER.server().service().expiries.put("temp", expiry);
        try (TestStream stream = SERVER.stream("/events?channel=busy", "Authorization", TestServer.basic("temp"))
                .awaitOpen()) {
            for (int i = 0; !stream.hasEnded(); i++) {
                SERVER.events().send("busy", "message", i);
                stream.awaitMoreThan(stream.events().size());
                assertThat(Instant.now()).isBefore(expiry.plusSeconds(15));
            }
            assertThat(stream.text()).containsPattern("retry: [0-9]{2,4}\n\n$").doesNotContain("stream-error");
        }
        // the stream may have ended a little too early
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            try (TestStream again = SERVER.stream("/events?channel=busy", "Authorization", TestServer.basic("temp"))) {
                return again.status() == 401;
            }
        });
    }

    @Test
    void a_channel_of_the_signed_in_user_is_held_until_the_permission_is_lost() {
        try (TestStream carl = SERVER.stream("/mine", "Authorization", TestServer.basic("carl"))
                .awaitOpen()) {
            SERVER.events().send("user-dora", "message", "for dora");
            SERVER.events().send("user-carl", "message", "for carl");
            carl.awaitMessages(1);
            assertThat(carl.text()).contains("for carl").doesNotContain("for dora");

            SERVER.server().service().revoked.add("carl user-carl");
            SERVER.events().channelPermissionChanged("carl", "user-carl");
            assertThat(carl.awaitEnd().text()).contains("\"condition\":\"forbidden\"");
        }
        assertThat(SERVER.stream("/mine").awaitEnd().text())
                .contains("This address is for readers who have signed in.");
    }

    @Test
    void an_anonymous_reader_of_a_busy_channel_is_asked_about_although_nothing_is_reported() {
        try (TestStream anonymous = SERVER.stream("/events?channel=crowd").awaitOpen();
                TestStream ann = SERVER.stream("/events?channel=crowd", "Authorization", TestServer.basic("ann"))
                        .awaitOpen()) {
            SERVER.server().service().revoked.add(" crowd");
            int sent = 0;
            while (!anonymous.hasEnded()) {
                SERVER.events().send("crowd", "message", sent++);
                ann.awaitMoreThan(ann.events().size());
            }
            ann.awaitMessages(sent);
            assertThat(anonymous.text()).contains("\"condition\":\"forbidden\"");
            assertThat(ann.hasEnded()).isFalse();
        }
    }
}
