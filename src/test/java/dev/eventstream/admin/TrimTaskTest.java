package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.TestServer;
import dev.eventstream.event.NewEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        send("kept", 2 * TrimTask.BATCH + 5);

        HttpResponse<String> answer = trim("?channel=kept&keep=4");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("Trimmed 2001 events of channel \"kept\"\n");
        assertThat(trim("?channel=kept&keep=4").body()).isEqualTo("Trimmed 0 events of channel \"kept\"\n");
        assertThat(trim("?channel=kept&keep=0").body()).isEqualTo("Trimmed 4 events of channel \"kept\"\n");
        assertThat(trim("?channel=unknown&keep=0").body()).isEqualTo("Trimmed 0 events of channel \"unknown\"\n");
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
                "''                          | channel is given 0 times; once is needed",
                "?keep=1                     | channel is given 0 times; once is needed",
                "?channel=a                  | exactly one of before and keep is needed",
                "?channel=a&keep=1&before=2026-11-24T05:00:00Z | exactly one of before and keep is needed",
                "?channel=a&channel=b&keep=1 | channel is given 2 times; once is needed",
                "?channel=a&keep=1&keep=2    | keep is given 2 times; once is needed",
                "?channel=&keep=1            | channel: channel name \"\" has 0 characters; allowed are 1 to 255",
                "?channel=a&keep=            | keep is \"\", which is no number",
                "?channel=a&keep=-1          | keep is \"-1\", which is no number",
                "?channel=a&keep=1e3         | keep is \"1e3\", which is no number",
                "?channel=a&keep=9223372036854775808 | keep is \"9223372036854775808\", which is too much",
                "?channel=a&before=yesterday | before is \"yesterday\", which is no time",
                "?channel=a&before=2026-11-24 | before is \"2026-11-24\", which is no time",
                "?channel=a&kep=1            | there is no parameter \"kep\"",
                "?channel=a&keep=%0A%3Cb%3E  | keep is \"\uFFFD<b>\", which is no number",
            })
    void a_parameter_that_will_not_do_is_named_and_nothing_is_trimmed(String query, String message) throws Exception {
        send("a", 1);
        HttpResponse<String> answer = trim(query);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains(message + USE);
        assertThat(SERVER.events().currentEventId("a")).doesNotContain("0-0");
    }

    @Test
    void a_task_can_only_be_posted() throws Exception {
        URI address = URI.create("http://localhost:" + SERVER.adminPort() + "/tasks/eventstream-trim?channel=a&keep=0");
        assertThat(client.send(HttpRequest.newBuilder(address).GET().build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
    }
}
