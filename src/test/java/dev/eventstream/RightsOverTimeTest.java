package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.stream.WireReader.WireEvent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Direct streams do not outlive the rights of their readers, nor their greatest age. */
class RightsOverTimeTest {
    @RegisterExtension
    static final TestServer AGING = new TestServer("eventStream.maxStreamAge=2s");

    @RegisterExtension
    static final TestServer RECHECKING = new TestServer("eventStream.recheck=1s");

    @Test
    void a_client_whose_streams_end_at_their_greatest_age_comes_back_without_a_gap_or_an_error() {
        List<String> data = new ArrayList<>();
        String position = AGING.events().currentEventId("ages");
        int sent = 0;
        for (int streams = 0; streams < 3; streams++) {
            try (TestStream stream = AGING.stream(
                    "/events?channel=ages&lastEventId=" + URLEncoder.encode(position, StandardCharsets.UTF_8))) {
                stream.awaitOpen();
                while (!stream.hasEnded()) {
                    AGING.events().send("ages", "message", sent++);
                    stream.awaitMoreThan(stream.events().size());
                }
                stream.messages().stream().map(WireEvent::data).forEach(data::add);
                assertThat(stream.text())
                        .containsPattern("retry: [0-9]{2,3}\n\n$")
                        .doesNotContain("stream-error");
                position = stream.lastEventId();
            }
        }
        try (TestStream last = AGING.stream(
                "/events?channel=ages&lastEventId=" + URLEncoder.encode(position, StandardCharsets.UTF_8))) {
            last.awaitMessages(sent - data.size());
            last.messages().stream().map(WireEvent::data).forEach(data::add);
        }

        assertThat(data)
                .containsExactlyElementsOf(
                        IntStream.range(0, sent).mapToObj(Integer::toString).toList());
        assertThat(AGING.counted("eventstream.streams.ended.aged")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void a_stream_ends_when_the_credentials_of_its_reader_expire_and_new_ones_are_needed() {
        RECHECKING.service().expiries.put("temp", Instant.now().plusSeconds(2));
        String temp = TestServer.basic("temp");
        try (TestStream stream =
                RECHECKING.stream("/events?channel=open", "Authorization", temp).awaitOpen()) {
            stream.awaitEnd();
            assertThat(Instant.now())
                    .isAfterOrEqualTo(RECHECKING.service().expiries.get("temp"));
            RECHECKING.events().send("open", "message", "too late");
            assertThat(stream.text()).containsPattern("retry: [0-9]{2,3}\n\n$").doesNotContain("stream-error");
        }
        try (TestStream again = RECHECKING.stream("/events?channel=open", "Authorization", temp)) {
            assertThat(again.status()).isEqualTo(401);
        }
        RECHECKING.service().expiries.remove("temp");
        try (TestStream renewed =
                RECHECKING.stream("/events?channel=open", "Authorization", temp).awaitOpen()) {
            RECHECKING.events().send("open", "message", "in time");
            renewed.awaitMessages(1);
        }
    }

    @Test
    void a_lost_permission_that_nobody_reports_is_noticed() {
        try (TestStream anonymous = RECHECKING.stream("/events?channel=quiet").awaitOpen();
                TestStream gone = RECHECKING.stream(
                                "/events?channel=quiet", "Authorization", TestServer.basic("leaver"))
                        .awaitOpen();
                TestStream stays = RECHECKING.stream("/events?channel=quiet", "Authorization", TestServer.basic("ann"))
                        .awaitOpen()) {
            RECHECKING.service().revoked.add(" quiet");
            RECHECKING.service().gone.add("leaver");
            anonymous.awaitEnd();
            gone.awaitEnd();
            RECHECKING.events().send("quiet", "message", "members only");
            stays.awaitMessages(1);

            for (TestStream ended : List.of(anonymous, gone)) {
                assertThat(ended.text()).contains("\"condition\":\"forbidden\"").doesNotContain("members only");
            }
        }
    }

    @Test
    void streams_of_an_authorizer_that_fails_end_and_their_clients_come_back() {
        try (TestStream stream = RECHECKING.stream("/events?channel=fragile").awaitOpen()) {
            RECHECKING.service().broken.add("fragile");
            stream.awaitEnd();
            assertThat(stream.text())
                    .contains("\"condition\":\"internal-error\"")
                    .doesNotContain("id: error");
        } finally {
            RECHECKING.service().broken.clear();
        }
    }
}
