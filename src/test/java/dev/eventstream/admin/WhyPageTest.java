package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eventstream.RawHttp;
import dev.eventstream.RawStream;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a reader did not receive an event: each cause as a user brings it about. */
class WhyPageTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer("eventStream.stallTimeout=1m");

    private final AdminPort admin = new AdminPort(SERVER);

    private JsonNode ask(String... parameters) throws IOException {
        return admin.json("why", parameters).get("findings");
    }

    /** The causes that are found for a reader, in order. */
    private List<String> causes(Event event, String... reader) throws IOException {
        String[] parameters = new String[2 + reader.length];
        parameters[0] = "event";
        parameters[1] = event.channel().encoded() + '=' + event.id();
        System.arraycopy(reader, 0, parameters, 2, reader.length);
        return AdminPort.column(ask(parameters), "cause");
    }

    private static Event send(String channel, String type) {
        return SERVER.events().send(channel, type, 1);
    }

    private static TestStream open(String path, String user) {
        return SERVER.stream(path, "Authorization", TestServer.basic(user)).awaitOpen();
    }

    private static TestStream resume(String path, String user, Event from) {
        return SERVER.stream(
                        path,
                        "Authorization",
                        TestServer.basic(user),
                        "Last-Event-ID",
                        from.channel().encoded() + '=' + from.id())
                .awaitOpen();
    }

    // ---- the log

    @Test
    void the_channel_is_not_stored() throws Exception {
        assertThat(AdminPort.column(ask("event", "unstored-a=k3f9x2-1"), "cause"))
                .startsWith("unstored");
    }

    @Test
    void nothing_was_ever_sent_to_the_channel() throws Exception {
        assertThat(AdminPort.column(ask("event", "misspelt=k3f9x2-1", "user", "ann"), "cause"))
                .containsExactly("no-log", "no-stream");
    }

    @Test
    void the_id_belongs_to_another_log() throws Exception {
        send("renewed", "message");
        assertThat(AdminPort.column(ask("event", "renewed=otherlog-1"), "cause"))
                .startsWith("other-epoch");
    }

    @Test
    void the_event_is_not_committed() throws Exception {
        try (TestStream held = open("/events?channel=pending", "ann")) {
            assertThat(held.hasEnded()).isFalse();
            Event event = send("pending", "message");
            String next = "pending=" + event.id().epoch() + "-2";
            assertThat(AdminPort.column(ask("event", next, "user", "ann"), "cause"))
                    .containsExactly("not-committed");
        }
    }

    @Test
    void the_event_is_trimmed() throws Exception {
        Event event = send("trimmed", "message");
        send("trimmed", "message");
        RawHttp.post(SERVER.adminPort(), "/tasks/eventstream-trim?channel=trimmed&keep=1", new byte[0]);

        assertThat(causes(event, "user", "ann")).containsExactly("trimmed", "no-stream");
    }

    @Test
    void the_event_is_the_end_of_the_channel() throws Exception {
        Event event = send("ended", "message");
        SERVER.events().finish("ended");
        String end = "ended=" + event.id().epoch() + "-2";
        assertThat(AdminPort.column(ask("event", end, "user", "ann"), "cause")).startsWith("end-of-channel");
        assertThat(admin.json("why", "event", end).get("event").get("type").isNull())
                .isTrue();
    }

    @Test
    void the_channel_is_latest_and_has_a_newer_event() throws Exception {
        Event event = send("latest-a", "message");
        send("latest-a", "message");
        try (TestStream held = open("/events?channel=latest-a", "ann")) {
            assertThat(held.hasEnded()).isFalse();
            assertThat(causes(event, "user", "ann")).containsExactly("latest");
        }
    }

    // ---- the stream

    @Test
    void the_stream_started_after_the_event() throws Exception {
        Event event = send("late", "message");
        try (TestStream held = open("/events?channel=late", "ann")) {
            assertThat(held.hasEnded()).isFalse();
            assertThat(causes(event, "user", "ann")).containsExactly("joined-later");
        }
        try (TestStream held = resume("/events?channel=late", "bob", event)) {
            assertThat(held.hasEnded()).isFalse();
            assertThat(causes(event, "user", "bob")).containsExactly("joined-later");
        }
    }

    @Test
    void the_event_skips_the_user() throws Exception {
        try (TestStream held = open("/events?channel=skipping", "ann");
                TestStream other = open("/events?channel=skipping", "bob")) {
            assertThat(held.hasEnded()).isFalse();
            Event event = SERVER.events()
                    .send(NewEvent.text("skipping", "message", "1").skippingUser("ann"));
            other.awaitMessages(1);

            assertThat(causes(event, "user", "ann")).containsExactly("skips-user");
            await().untilAsserted(() -> assertThat(causes(event, "user", "bob")).containsExactly("delivered"));
        }
    }

    @Test
    void the_stream_does_not_show_events_of_the_type() throws Exception {
        try (TestStream held = open("/typed/some?type=shipped", "ann")) {
            assertThat(held.hasEnded()).isFalse();
            Event event = send("some", "ordered");
            await().untilAsserted(() -> assertThat(causes(event, "user", "ann")).containsExactly("type-not-shown"));
            assertThat(admin.json("why", "event", "some=" + event.id())
                            .get("event")
                            .get("type")
                            .asText())
                    .isEqualTo("ordered");
        }
    }

    @Test
    void the_stream_was_reset_past_the_event() throws Exception {
        List<Event> events = SERVER.events().sendAll(Collections.nCopies(5, NewEvent.text("reset", "message", "1")));
        RawHttp.post(SERVER.adminPort(), "/tasks/eventstream-trim?channel=reset&keep=2", new byte[0]);
        try (TestStream stream = resume("/events?channel=reset", "ann", events.get(0))) {
            stream.awaitEvent("stream-reset");
            assertThat(causes(events.get(3), "user", "ann")).containsExactly("reset");
            assertThat(causes(events.get(1), "user", "ann")).containsExactly("reset", "trimmed");
            assertThat(causes(events.get(0), "user", "ann")).startsWith("joined-later");
        }
    }

    @Test
    void the_client_reads_too_slowly() throws Exception {
        try (RawStream deaf = new RawStream(SERVER.port(), "/events?channel=deaf")) {
            deaf.readUntil("stream-open");
            List<Event> events = SERVER.events()
                    .sendAll(Collections.nCopies(200, NewEvent.text("deaf", "message", "x".repeat(20_000))));

            await().untilAsserted(() -> assertThat(causes(events.get(199))).containsExactly("slow-client"));
        }
    }

    @Test
    void the_event_was_delivered() throws Exception {
        try (TestStream stream = open("/events?channel=fine", "ann")) {
            Event event = send("fine", "message");
            stream.awaitMessages(1);
            await().untilAsserted(() -> assertThat(causes(event, "user", "ann")).containsExactly("delivered"));
            JsonNode streams = admin.json("streams", "channel", "fine").get("streams");
            String number = streams.get("rows").get(0).get("stream").asText();
            assertThat(causes(event, "stream", number)).containsExactly("delivered");
        }
    }

    @Test
    void the_stream_does_not_have_the_channel() throws Exception {
        try (TestStream held = open("/events?channel=one-thing", "ann")) {
            assertThat(held.hasEnded()).isFalse();
            Event event = send("another-thing", "message");
            JsonNode streams = admin.json("streams", "channel", "one-thing").get("streams");
            String number = streams.get("rows").get(0).get("stream").asText();

            assertThat(causes(event, "stream", number)).containsExactly("channel-not-read");
            assertThat(causes(event, "stream", "999999")).containsExactly("no-stream");
        }
    }

    // ---- the reader

    @Test
    void the_reader_may_not_read_the_channel() throws Exception {
        Event event = send("secret-plans", "message");
        assertThat(causes(event, "user", "ann")).containsExactly("forbidden", "no-stream");
        assertThat(causes(event)).containsExactly("forbidden", "no-stream");
    }

    @Test
    void the_user_does_not_exist() throws Exception {
        Event event = send("open-house", "message");
        SERVER.service().gone.add("nobody");
        assertThat(causes(event, "user", "nobody")).containsExactly("no-such-user", "no-stream");
    }

    @Test
    void the_authorizer_fails_or_hangs() throws Exception {
        Event broken = send("broken-lock", "message");
        assertThat(causes(broken, "user", "ann")).containsExactly("authorizer-failed", "no-stream");

        Event event = send("hanging", "message");
        CountDownLatch decided = new CountDownLatch(1);
        SERVER.service().slow.put("hanging", decided);
        try {
            assertThat(ask("event", "hanging=" + event.id(), "user", "ann").toString())
                    .contains("it has not answered for 5 s");
            assertThat(ask("event", "hanging=" + event.id(), "user", "ann").toString())
                    .contains("it has not answered an earlier question yet");
        } finally {
            decided.countDown();
            SERVER.service().slow.remove("hanging");
        }
        await().untilAsserted(() -> assertThat(causes(event, "user", "ann")).containsExactly("no-stream"));
    }

    // ---- what the node does not know

    @Test
    void a_stream_that_has_ended_is_forgotten_and_the_page_says_so() throws Exception {
        String number;
        try (TestStream held = open("/events?channel=ended-stream", "ann")) {
            assertThat(held.hasEnded()).isFalse();
            JsonNode streams = admin.json("streams", "channel", "ended-stream").get("streams");
            number = streams.get("rows").get(0).get("stream").asText();
            SERVER.events().disconnect("ann");
            held.awaitEnd();
        }
        Event event = send("ended-stream", "message");

        await().untilAsserted(() -> assertThat(causes(event, "stream", number)).containsExactly("no-stream"));
        assertThat(ask("event", "ended-stream=" + event.id(), "user", "ann").toString())
                .contains("This node keeps nothing about streams that have ended");
        assertThat(admin.get("why").body())
                .contains(
                        "It remembers nothing about streams that have ended, and does not know those that a proxy holds.");
    }

    // ---- the question

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "event=k3f9x2-1 | channel is missing, and the event's id does not contain it",
                "event=a%3Dk3f9x2-1,b%3Dk3f9x2-2 | positions in several channels; choose one of them as the channel: \"a\", \"b\"",
                "event=a%3Dk3f9x2-1&channel=b | event has no position in channel \"b\", but in \"a\"",
                "event=nonsense&channel=a | event id \"nonsense\" is not of the form epoch-sequence",
                "event=a%3D%3Cb%3E | <b>",
                "event=a%3Dk-1&stream=x | stream is \"x\"; allowed is a number from 1 on",
                "event=a%3Dk-1&stream=0 | stream is \"0\"; allowed is a number from 1 on",
                "event=a%3Dk-1&stream=1&user=ann | both stream and user are given",
                "event=a%3Dk-1&user=%0A | user is \"\uFFFD\"; allowed are up to 255 characters without control characters",
            })
    void a_wrong_question_is_explained(String query, String message) throws Exception {
        RawHttp.Answer answer = admin.get("why.json?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().replace("\\\"", "\"")).contains(message);
    }

    @Test
    void an_id_of_several_channels_needs_the_channel() throws Exception {
        Event event = send("chosen", "message");
        assertThat(AdminPort.column(
                        ask("event", "chosen=" + event.id() + ",other=k-1", "channel", "chosen", "user", "ann"),
                        "cause"))
                .containsExactly("no-stream");
        assertThat(AdminPort.column(ask("event", event.id().toString(), "channel", "chosen", "user", "ann"), "cause"))
                .containsExactly("no-stream");
        assertThat(event.channel()).isEqualTo(new ChannelName("chosen"));
    }
}
