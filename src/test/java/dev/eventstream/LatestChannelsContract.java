package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.stream.WireReader.WireEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What readers of latest channels receive, on direct streams and behind a proxy. */
public abstract class LatestChannelsContract extends StreamContract {
    private List<Event> sendMany(String channel, int count) {
        return events().sendAll(IntStream.range(0, count)
                .mapToObj(i -> NewEvent.text(channel, "price", Integer.toString(i)))
                .toList());
    }

    @Test
    void a_new_reader_gets_the_newest_event_first_and_then_all_that_follow() {
        sendMany("latest-new", 300);

        try (TestStream stream = stream("/events?channel=latest-new").awaitMessages(1)) {
            events().send("latest-new", "price", 300);
            stream.awaitMessages(2);
            events().send("latest-new", "price", 301);
            stream.awaitMessages(3);

            assertThat(data(stream)).containsExactly("299", "300", "301");
            assertThat(types(stream)).containsExactly("stream-open", "price", "price", "price");
        }
    }

    @Test
    void a_reader_of_a_channel_without_events_gets_the_first_one() {
        try (TestStream stream = stream("/events?channel=latest-empty").awaitOpen()) {
            events().send("latest-empty", "price", 1);

            assertThat(data(stream.awaitMessages(1))).containsExactly("1");
        }
    }

    @Test
    void a_returning_client_gets_only_the_newest_of_the_events_that_it_missed() {
        List<Event> sent = sendMany("latest-back", 2_000);

        try (TestStream stream = stream(
                        "/events?channel=latest-back",
                        "Last-Event-ID",
                        "latest-back=" + sent.get(3).id())
                .awaitMessages(1)) {
            events().send("latest-back", "price", 2_000);
            stream.awaitMessages(2);

            assertThat(data(stream)).containsExactly("1999", "2000");
            assertThat(types(stream)).doesNotContain("stream-reset");
            assertThat(stream.messages().get(0).id())
                    .isEqualTo("latest-back=" + sent.get(1_999).id());
        }
    }

    @Test
    void a_client_that_has_seen_the_newest_event_does_not_get_it_again() {
        Event newest = sendMany("latest-seen", 5).get(4);

        try (TestStream stream = stream("/events?channel=latest-seen", "Last-Event-ID", "latest-seen=" + newest.id())
                .awaitOpen()) {
            events().send("latest-seen", "price", 5);

            assertThat(data(stream.awaitMessages(1))).containsExactly("5");
        }
    }

    @Test
    void an_unavailable_position_causes_no_reset() {
        List<Event> sent = sendMany("latest-trimmed", 10);
        assertThat(trim("latest-trimmed", 1)).isEqualTo(9);

        for (String position :
                List.of("latest-trimmed=" + sent.get(2).id(), "latest-trimmed=other9-4", "latest-trimmed:7")) {
            try (TestStream stream = stream("/events?channel=latest-trimmed", "Last-Event-ID", position)
                    .awaitMessages(1)) {
                assertThat(types(stream)).containsExactly("stream-open", "price");
                assertThat(data(stream)).containsExactly("9");
            }
        }
    }

    @Test
    void a_channel_whose_newest_event_is_trimmed_shows_nothing_until_the_next() {
        List<Event> sent = sendMany("latest-gone", 3);
        assertThat(trim("latest-gone", 0)).isEqualTo(3);

        try (TestStream fresh = stream("/events?channel=latest-gone").awaitOpen();
                TestStream returned = stream(
                                "/events?channel=latest-gone",
                                "Last-Event-ID",
                                "latest-gone=" + sent.get(0).id())
                        .awaitOpen()) {
            Event next = events().send("latest-gone", "price", 3);
            fresh.awaitMessages(1);
            returned.awaitMessages(1);

            assertThat(types(fresh)).containsExactly("stream-open", "price");
            assertThat(types(returned)).containsExactly("stream-open", "price");
            assertThat(returned.lastEventId()).isEqualTo("latest-gone=" + next.id());
        }
    }

    @Test
    void the_other_channels_of_the_stream_miss_nothing() {
        String start;
        try (TestStream stream =
                stream("/events?channel=latest-mixed&channel=whole").awaitOpen()) {
            start = stream.lastEventId();
        }
        sendMany("latest-mixed", 200);
        sendMany("whole", 200);

        try (TestStream stream = stream("/events?channel=latest-mixed&channel=whole", "Last-Event-ID", start)
                .awaitMessages(201)) {
            assertThat(data(stream)).hasSize(201).startsWith("199", "0", "1");
            assertThat(types(stream)).doesNotContain("stream-reset");
        }
    }

    @Test
    void the_newest_event_and_stream_end_remain_of_a_finished_channel() {
        List<Event> sent = sendMany("latest-done", 20);
        events().finish("latest-done");

        try (TestStream fresh = stream("/events?channel=latest-done").awaitEnd();
                TestStream returned = stream(
                                "/events?channel=latest-done",
                                "Last-Event-ID",
                                "latest-done=" + sent.get(2).id())
                        .awaitEnd();
                TestStream upToDate = stream(
                                "/events?channel=latest-done",
                                "Last-Event-ID",
                                "latest-done=" + sent.get(19).id())
                        .awaitEnd();
                TestStream atEnd = stream("/events?channel=latest-done", "Last-Event-ID", fresh.lastEventId())) {
            assertThat(types(fresh)).containsExactly("stream-open", "price", "stream-end");
            assertThat(data(fresh)).containsExactly("19");
            assertThat(types(returned)).containsExactly("stream-open", "price", "stream-end");
            assertThat(types(upToDate)).containsExactly("stream-open", "stream-end");
            assertThat(atEnd.status()).isEqualTo(204);
        }
    }

    @Test
    void a_reopened_channel_continues_without_a_reset() {
        events().finish(NewEvent.text("latest-again", "price", "old"));
        String end;
        try (TestStream stream = stream("/events?channel=latest-again").awaitEnd()) {
            end = stream.lastEventId();
        }
        events().reopen("latest-again");

        try (TestStream stream =
                stream("/events?channel=latest-again", "Last-Event-ID", end).awaitOpen()) {
            events().send("latest-again", "price", "new");
            stream.awaitEvent(event -> event.data().equals("\"new\""));

            assertThat(types(stream)).doesNotContain("stream-reset", "stream-end");
        }
    }

    private int trim(String channel, int keep) {
        return server().otherNode().store().trim(new ChannelName(channel), TrimLimit.newest(keep), 1_000);
    }

    private static List<String> data(TestStream stream) {
        return stream.messages().stream().map(WireEvent::data).toList();
    }

    /** The types of all events but keep-alives. */
    private static List<String> types(TestStream stream) {
        return stream.events().stream()
                .map(WireEvent::type)
                .filter(type -> !type.equals("keep-alive"))
                .toList();
    }
}
