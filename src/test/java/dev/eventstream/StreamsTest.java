package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a reader of a direct stream receives. */
class StreamsTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static EventStream events() {
        return SERVER.events();
    }

    @Test
    void a_stream_begins_with_retry_and_its_start_position() {
        Event sent = events().send("first-bytes", "message", "earlier");

        try (TestStream stream = SERVER.stream("/events?channel=first-bytes").awaitOpen()) {
            assertThat(stream.text())
                    .matches("retry: [2-6]\\d{3}\nid: first-bytes=" + sent.id()
                            + "\nevent: stream-open\ndata: \\{\"keepAlive\":20}\n\n");
        }
    }

    @Test
    void a_reader_gets_events_as_they_are_sent() {
        try (TestStream stream = SERVER.stream("/events?channel=live").awaitOpen()) {
            Event first = events().send("live", "message", Map.of("n", 1));
            Event second = events().send(NewEvent.text("live", "note", "two\nlines"));
            stream.awaitMessages(2);

            assertThat(stream.text()).endsWith("""

                    id: live=%s
                    event: message
                    data: {"n":1}

                    id: live=%s
                    event: note
                    data: two
                    data: lines

                    """.formatted(first.id(), second.id()));
        }
    }

    @Test
    void returning_client_gets_only_what_it_missed() {
        List<Event> sent = events().sendAll(IntStream.range(0, 300)
                .mapToObj(i -> NewEvent.text("missed", "message", "" + i))
                .toList());

        try (TestStream stream = SERVER.stream(
                        "/events?channel=missed",
                        "Last-Event-ID",
                        "missed=" + sent.get(9).id())
                .awaitMessages(290)) {
            assertThat(stream.messages().stream().map(WireEvent::data))
                    .containsExactlyElementsOf(
                            IntStream.range(10, 300).mapToObj(i -> "" + i).toList());
            assertThat(stream.lastEventId()).isEqualTo("missed=" + sent.get(299).id());
        }
    }

    @Test
    void a_stream_carries_several_channels_and_each_id_has_all_positions() {
        try (TestStream stream =
                SERVER.stream("/events?channel=b&channel=a&channel=b").awaitOpen()) {
            assertThat(stream.lastEventId()).isEqualTo("a=0-0,b=0-0");
            Event a = events().send("a", "message", 1);
            stream.awaitMessages(1);
            Event b = events().send("b", "message", 2);
            stream.awaitMessages(2);

            assertThat(stream.messages().get(0).id()).isEqualTo("a=" + a.id() + ",b=0-0");
            assertThat(stream.messages().get(1).id()).isEqualTo("a=" + a.id() + ",b=" + b.id());
        }
    }

    @Test
    void a_client_that_connected_before_the_channel_existed_misses_nothing() {
        String start;
        try (TestStream stream = SERVER.stream("/events?channel=unborn").awaitOpen()) {
            start = stream.lastEventId();
        }
        events().send("unborn", "message", "first");

        try (TestStream stream =
                SERVER.stream("/events?channel=unborn&lastEventId=" + start).awaitMessages(1)) {
            assertThat(stream.messages().get(0).data()).isEqualTo("\"first\"");
        }
    }

    @Test
    void a_position_of_another_log_is_reset_by_name_and_the_stream_continues_from_now() {
        Event last = events().send("wiped", "message", "old");

        try (TestStream stream = SERVER.stream("/events?channel=wiped&channel=calm", "Last-Event-ID", "wiped=zzzzzz-7")
                .awaitEvent("stream-reset")) {
            events().send("wiped", "message", "new");
            stream.awaitMessages(1);

            assertThat(stream.text()).contains("""
                    id: calm=0-0,wiped=%s
                    event: stream-reset
                    data: {"channels":["wiped"]}

                    """.formatted(last.id()));
            assertThat(stream.messages().stream().map(WireEvent::data)).containsExactly("\"new\"");
        }
    }

    @Test
    void a_django_position_is_accepted_and_reset() {
        events().send("django", "message", "old");

        try (TestStream stream = SERVER.stream("/events?channel=django", "Last-Event-ID", "django:1")
                .awaitEvent("stream-reset")) {
            assertThat(stream.messages()).isEmpty();
        }
    }

    @Test
    void unstored_events_are_delivered_without_ids() {
        try (TestStream stream = SERVER.stream("/events?channel=unstored-1").awaitOpen()) {
            Event sent = events().send("unstored-1", "tick", 1);
            stream.awaitMessages(1);

            assertThat(sent.isStored()).isFalse();
            assertThat(stream.text()).contains("\n\nevent: tick\ndata: 1\n\n");
            assertThat(stream.lastEventId()).isEmpty();
        }
    }

    @Test
    void a_skipped_user_gets_the_new_position_but_not_the_event() {
        String ann = TestServer.basic("ann");
        String bob = TestServer.basic("bob");
        try (TestStream anns = SERVER.stream("/events?channel=skips", "Authorization", ann)
                        .awaitOpen();
                TestStream bobs = SERVER.stream("/events?channel=skips", "Authorization", bob)
                        .awaitOpen()) {
            Event skipped = events().send(
                            NewEvent.text("skips", "message", "not for ann").skippingUser("ann"));
            events().send("skips", "message", "for both");
            anns.awaitMessages(1);
            bobs.awaitMessages(2);

            assertThat(anns.text())
                    .doesNotContain("not for ann")
                    .contains("\n\nid: skips=" + skipped.id() + "\nevent: keep-alive\n");
            assertThat(bobs.text()).contains("not for ann");
        }
        try (TestStream replay = SERVER.stream(
                        "/events?channel=skips", "Authorization", ann, "Last-Event-ID", "skips=0-0")
                .awaitMessages(1)) {
            assertThat(replay.text()).doesNotContain("not for ann");
        }
    }

    @Test
    void only_the_reader_who_lost_a_permission_is_disconnected() {
        String ann = TestServer.basic("ann");
        String bob = TestServer.basic("bob");
        try (TestStream anns = SERVER.stream("/events?channel=club", "Authorization", ann)
                        .awaitOpen();
                TestStream bobs = SERVER.stream("/events?channel=club", "Authorization", bob)
                        .awaitOpen()) {
            SERVER.service().revoked.add("ann club");
            events().channelPermissionChanged("ann", "club");
            events().channelPermissionChanged("bob", "club");
            anns.awaitEnd();
            events().send("club", "message", "members only");
            bobs.awaitMessages(1);

            assertThat(anns.text()).endsWith("""
                    id: error
                    event: stream-error
                    data: {"condition":"forbidden","text":"You may not read this channel any longer.","channels":["club"]}

                    """);
            assertThat(bobs.hasEnded()).isFalse();
        }
    }

    @Test
    void after_a_change_for_all_readers_of_a_channel_only_those_who_may_read_it_stay() {
        try (TestStream anns = SERVER.stream("/events?channel=hall", "Authorization", TestServer.basic("ann"))
                        .awaitOpen();
                TestStream bobs = SERVER.stream("/events?channel=hall", "Authorization", TestServer.basic("bob"))
                        .awaitOpen();
                TestStream anonymous =
                        SERVER.stream("/events?channel=hall&channel=other").awaitOpen();
                TestStream elsewhere = SERVER.stream("/events?channel=other").awaitOpen()) {
            SERVER.service().revoked.addAll(List.of("ann hall", " hall"));
            events().channelPermissionChanged("hall");
            anns.awaitEnd();
            anonymous.awaitEnd();
            events().send("hall", "message", "members only");
            events().send("other", "message", "for all");
            bobs.awaitMessages(1);
            elsewhere.awaitMessages(1);

            for (TestStream ended : List.of(anns, anonymous)) {
                assertThat(ended.text())
                        .contains("\"condition\":\"forbidden\"", "\"channels\":[\"hall\"]")
                        .doesNotContain("members only");
            }
        }
    }

    @Test
    void a_disconnected_user_gets_the_reason_and_may_come_back() {
        String ann = TestServer.basic("ann");
        try (TestStream first = SERVER.stream("/events?channel=lobby", "Authorization", ann)
                        .awaitOpen();
                TestStream second = SERVER.stream("/events?channel=other", "Authorization", ann)
                        .awaitOpen();
                TestStream bobs = SERVER.stream("/events?channel=lobby", "Authorization", TestServer.basic("bob"))
                        .awaitOpen()) {
            events().disconnect("ann", "You have signed out.");
            first.awaitEnd();
            second.awaitEnd();
            events().send("lobby", "message", "later");
            bobs.awaitMessages(1);

            assertThat(first.text()).endsWith("""
                    id: error
                    event: stream-error
                    data: {"condition":"disconnected","text":"You have signed out.","channels":[]}

                    """);
            try (TestStream again =
                    SERVER.stream("/events?channel=lobby", "Authorization", ann).awaitOpen()) {
                events().send("lobby", "message", "back");
                again.awaitMessages(1);
            }
        }
    }

    @Test
    void an_event_sent_by_another_node_is_read_from_the_log() {
        try (TestStream stream = SERVER.stream("/events?channel=far").awaitOpen();
                TestServer.Node other = SERVER.otherNode()) {
            other.send("far", "message", "from afar");
            stream.awaitMessages(1);

            assertThat(stream.messages().get(0).data()).isEqualTo("from afar");
        }
    }

    @Test
    void current_event_id_gives_the_start_position_for_a_page() {
        Event sent = events().send("page", "message", 1);

        assertThat(events().currentEventId("page", "page-2", "unstored-1"))
                .isEqualTo("page=" + sent.id() + ",page-2=0-0");
    }

    @Test
    void ended_streams_are_no_longer_counted() {
        try (TestStream stream = SERVER.stream("/events?channel=gone")) {
            stream.awaitOpen();
            await().until(() -> SERVER.openStreams() > 0);
        }

        await().until(() -> SERVER.openStreams() == 0);
    }

    @Test
    void a_closed_connection_is_detected_without_a_write() throws Exception {
        long gone = SERVER.counted("eventstream.streams.ended.client-gone");
        RawStream client = new RawStream(SERVER.port(), "/events?channel=leaving");
        client.readUntil("stream-open");
        client.close();

        await("well before the first keep-alive, which comes after 20 s")
                .atMost(Duration.ofSeconds(10))
                .until(() -> SERVER.counted("eventstream.streams.ended.client-gone") > gone);
    }
}
