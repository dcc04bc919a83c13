package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.Meter;
import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.admin.action.ChannelTrim;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrimTaskTest {
    private static final String USE =
            "; use channel=NAME and either before=TIME, such as 2026-11-24T05:00:00Z, or keep=NUMBER";

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> trim(String query) throws IOException, InterruptedException {
        URI address = URI.create("http://localhost:" + SERVER.adminPort() + "/tasks/eventstream-trim" + query);
        return client.send(
                HttpRequest.newBuilder(address)
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void send(String channel, int events) {
        SERVER.events().sendAll(Collections.nCopies(events, NewEvent.text(channel, "message", "data")));
    }

    @Test
    void a_channel_is_trimmed_to_its_newest_events() throws Exception {
        send("kept", 2 * ChannelTrim.BATCH + 5);

        HttpResponse<String> answer = trim("?channel=kept&keep=4");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("Trimmed 2001 events of channel \"kept\"\n");
        assertThat(trim("?channel=kept&keep=4").body()).isEqualTo("Trimmed 0 events of channel \"kept\"\n");
        assertThat(trim("?channel=kept&keep=0").body()).isEqualTo("Trimmed 4 events of channel \"kept\"\n");
        assertThat(trim("?channel=unknown&keep=0").body()).isEqualTo("Trimmed 0 events of channel \"unknown\"\n");
        assertThat(SERVER.metered("eventstream.events.trimmed")).isGreaterThanOrEqualTo(2_005);
        assertThat(SERVER.events().currentEventId("kept")).endsWith("-2005");
    }

    @Test
    void a_channel_is_trimmed_up_to_a_time() throws Exception {
        Instant before = Instant.now().minusSeconds(60);
        send("old", 3);

        assertThat(trim("?channel=old&before=" + before).body()).isEqualTo("Trimmed 0 events of channel \"old\"\n");
        assertThat(trim("?channel=old&before=" + before.plusSeconds(3600)).body())
                .isEqualTo("Trimmed 3 events of channel \"old\"\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                          | channel is given 0 times; it must be given once",
                "?keep=1                     | channel is given 0 times; it must be given once",
                "?channel=a                  | exactly one of before and keep is required",
                "?channel=a&keep=1&before=2026-11-24T05:00:00Z | exactly one of before and keep is required",
                "?channel=a&channel=b&keep=1 | channel is given 2 times; it must be given once",
                "?channel=a&keep=1&keep=2    | keep is given 2 times; it must be given once",
                "?channel=&keep=1            | channel: channel name \"\" has 0 characters; allowed are 1 to 255",
                "?channel=a&keep=            | keep is \"\", which is not a number",
                "?channel=a&keep=-1          | keep is \"-1\", which is not a number",
                "?channel=a&keep=1e3         | keep is \"1e3\", which is not a number",
                "?channel=a&keep=9223372036854775808 | keep is \"9223372036854775808\", which is too large",
                "?channel=a&before=yesterday | before is \"yesterday\", which is not a time",
                "?channel=a&before=2026-11-24 | before is \"2026-11-24\", which is not a time",
                "?channel=a&kep=1            | there is no parameter \"kep\"",
                "?channel=a&keep=%0A%3Cb%3E  | keep is \"\uFFFD<b>\", which is not a number",
            })
    void a_wrong_parameter_is_named_and_nothing_is_trimmed(String query, String message) throws Exception {
        send("a", 1);
        HttpResponse<String> answer = trim(query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(message + USE + "\n");
        assertThat(SERVER.events().currentEventId("a")).doesNotContain("0-0");
    }

    @Test
    void a_task_can_only_be_posted() throws Exception {
        URI address = URI.create("http://localhost:" + SERVER.adminPort() + "/tasks/eventstream-trim?channel=a&keep=0");
        assertThat(client.send(HttpRequest.newBuilder(address).GET().build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: anything",
                "Origin: https://evil.example",
                "Origin: http://localhost.evil.example",
                "Origin: null",
                "Origin: localhost",
                "Origin:",
            })
    void a_page_of_another_site_cannot_trim(String header) throws Exception {
        send("guarded", 1);
        try (Logged logged = new Logged()) {
            RawHttp.Answer answer = post("/tasks/eventstream-trim?channel=guarded&keep=0", header);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("pages of other sites may not trim channels\n");
            assertThat(logged.lines())
                    .contains("WARN A trim was refused: a page of another site made the browser of 127.0.0.1 send it");
        }
        assertThat(trim("?channel=guarded&keep=0").body()).doesNotStartWith("Trimmed 0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: none",
                "Sec-Fetch-Site: same-origin",
                "Origin: http://localhost",
                "Origin: https://localhost",
                "X: y"
            })
    void operators_and_their_own_pages_can_trim(String header) throws Exception {
        assertThat(post("/tasks/eventstream-trim?channel=own&keep=0", header).status())
                .isEqualTo(200);
    }

    private static RawHttp.Answer post(String target, String header) throws IOException {
        return RawHttp.post(SERVER.adminPort(), target, new byte[0], header);
    }

    @Test
    void every_trim_is_logged_with_its_client_and_the_number_of_events() throws Exception {
        send("audited", 3);
        try (Logged logged = new Logged()) {
            trim("?channel=audited&keep=1");
            trim("?channel=audited&before=2000-01-01T00:00:00Z");
            trim("?channel=audited&keep=x");

            assertThat(logged.lines())
                    .filteredOn(line -> line.contains("trimmed"))
                    .containsExactly(
                            "INFO 127.0.0.1 trimmed channel=audited to keep=1: 2 events removed",
                            "INFO 127.0.0.1 trimmed channel=audited to before=2000-01-01T00:00:00Z: 0 events removed");
            assertThat(String.join("\n", logged.lines())).doesNotContain("ERROR", "\tat ");
        }
    }

    @Test
    void a_trim_that_fails_half_way_is_logged_with_the_number_of_removed_events() {
        EventStore failing = new ForwardingEventStore(new MemoryEventStore(Clock.systemUTC())) {
            private int batches;

            @Override
            public int trim(ChannelName channel, TrimLimit limit, int atMost) {
                if (batches++ == 1) {
                    throw new IllegalStateException("the database is gone");
                }
                return atMost;
            }
        };
        try (Logged logged = new Logged()) {
            assertThatThrownBy(() -> new TrimTask(failing, new Meter())
                            .execute(
                                    Map.of("channel", List.of("a"), "keep", List.of("0")),
                                    new PrintWriter(new StringWriter())))
                    .hasMessage("the database is gone");
            assertThat(logged.lines())
                    .containsExactly("INFO null trimmed channel=a to keep=0: 1000 events removed, then it failed");
        }
    }
}
