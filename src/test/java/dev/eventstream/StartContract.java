package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where streams begin, directly and behind a proxy. */
public abstract class StartContract extends StreamContract {
    private List<Event> send(String channel, int count) {
        return server().events()
                .sendAll(IntStream.rangeClosed(1, count)
                        .mapToObj(i -> NewEvent.text(channel, "message", "" + i))
                        .toList());
    }

    private static void assertHas(TestStream stream, int first, int last) {
        stream.awaitMessages(last - first + 1);
        assertThat(stream.messages())
                .extracting(WireEvent::data)
                .isEqualTo(IntStream.rangeClosed(first, last)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(stream.text()).doesNotContain("stream-reset");
    }

    private void assertThenLive(TestStream stream, String channel, int first, int last) {
        assertHas(stream, first, last);
        server().events().send(NewEvent.text(channel, "message", "" + (last + 1)));
        assertHas(stream, first, last + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "/history?channel=,                         121",
        "/history?start=now&channel=,               121",
        "/history?start=last:1&channel=,            120",
        "/history?start=last:100&channel=,          21",
        "/history?start=last:999999999&channel=,    21",
        "/history?start=all&channel=,               1",
        "/history?start=since:1h&channel=,          1",
        "/history?start=since:3650d&channel=,       1",
        "/history?start=since:1970-01-01T00:00:00Z&channel=, 1",
        "/history?start=since:-999999999-01-01T00:00:00Z&channel=, 1",
        "/history?start=since:9999-12-31T23:59:59Z&channel=, 121",
        "/history?start=since:%2B999999999-12-31T23:59:59Z&channel=, 121",
        "/history?start=since%3A1h&channel=,        1",
        "/history/,                                 118",
        "/history/{channel}?start=last:2,           119",
        "/history/{channel}?start=last:4,           118",
    })
    void a_stream_begins_where_the_route_and_the_client_say_and_continues_live(String address, int first) {
        String channel = "begin-" + Integer.toHexString(address.hashCode());
        List<Event> sent = send(channel, 120);
        String path = address.contains("{channel}") ? address.replace("{channel}", channel) : address + channel;

        try (TestStream stream = stream(path).awaitOpen()) {
            String start = first == 1 ? "0-0" : sent.get(first - 2).id().toString();
            assertThat(stream.events().get(0).id()).isEqualTo(channel + '=' + start);
            assertThenLive(stream, channel, first, 120);
        }
    }

    @Test
    void a_long_history_arrives_complete() {
        int count = 2_500;
        send("long-history", count);
        try (TestStream stream = stream("/history?channel=long-history&start=all")) {
            assertThenLive(stream, "long-history", 1, count);
        }
    }

    @Test
    void with_a_time_the_stream_begins_with_the_first_event_sent_then() {
        send("since", 1);
        Instant before = Instant.now();
        await().pollDelay(Duration.ZERO).until(() -> Instant.now().isAfter(before.plusMillis(2)));
        Instant time = Instant.now();
        server().events().send(NewEvent.text("since", "message", "2"));

        try (TestStream stream = stream("/history?channel=since&start=since:" + time)) {
            assertThenLive(stream, "since", 2, 2);
        }
    }

    @Test
    void each_channel_begins_separately() {
        send("many-a", 5);
        send("many-b", 1);
        try (TestStream stream = stream(
                        "/history?start=last:2&channel=many-a&channel=many-b&channel=many-c&channel=unstored-d")
                .awaitMessages(3)) {
            server().events().send(NewEvent.text("many-c", "message", "c"));
            stream.awaitMessages(4);
            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("4", "5", "1", "c");
        }
    }

    @Test
    void channels_of_the_user_begin_as_others_do() {
        send("user-ann", 5);
        send("also-ann", 4);
        try (TestStream stream =
                stream("/my-history", "Authorization", TestServer.basic("ann")).awaitMessages(4)) {
            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("3", "4", "4", "5");
        }
    }

    @Test
    void the_history_begins_after_the_events_that_were_trimmed() {
        send("trimmed", 9);
        server().otherNode().store().trim(new ChannelName("trimmed"), TrimLimit.newest(3), 100);
        try (TestStream stream = stream("/history?channel=trimmed&start=all")) {
            assertThenLive(stream, "trimmed", 7, 9);
        }
    }

    @Test
    void a_returning_client_continues_whatever_start_says() {
        send("return", 500);
        String position;
        try (TestStream stream = stream("/history?channel=return&start=all").awaitMessages(77)) {
            position = stream.messages().get(76).id();
        }

        for (String start : List.of("all", "now", "last:1")) {
            try (TestStream stream = stream("/history?channel=return&start=" + start, "Last-Event-ID", position)) {
                assertHas(stream, 78, 500);
            }
        }
    }

    @Test
    void a_client_that_is_cut_off_before_the_first_event_begins_where_it_would_have() {
        send("cut", 5);
        String position;
        try (TestStream stream = stream("/history?channel=cut&start=last:2").awaitOpen()) {
            position = stream.events().get(0).id();
        }
        server().events().send(NewEvent.text("cut", "message", "6"));

        try (TestStream stream = stream("/history?channel=cut&start=last:2&lastEventId=" + position)) {
            assertHas(stream, 4, 6);
        }
    }

    @Test
    void a_channel_that_is_new_to_a_returning_client_begins_where_start_says() {
        String position = "known=" + send("known", 5).get(4).id();
        send("added", 5);

        try (TestStream stream = stream("/history?channel=known&channel=added&start=last:2", "Last-Event-ID", position)
                .awaitMessages(2)) {
            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("4", "5");
            assertThat(stream.lastEventId()).contains(position);
        }
        try (TestStream stream = stream("/history?channel=known&channel=added", "Last-Event-ID", position)
                .awaitOpen()) {
            server().events().send(NewEvent.text("added", "message", "6"));
            assertHas(stream, 6, 6);
        }
    }

    @Test
    void a_position_that_cannot_be_honoured_is_reset_whatever_start_says() {
        send("wiped", 5);
        try (TestStream stream = stream("/history?channel=wiped&start=all", "Last-Event-ID", "wiped=zzzzzz-2")
                .awaitEvent("stream-reset")) {
            server().events().send(NewEvent.text("wiped", "message", "6"));
            stream.awaitMessages(1);
            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("6");
        }
    }

    @Test
    void events_that_are_sent_while_streams_begin_are_neither_lost_nor_repeated() throws Exception {
        send("race", 1);
        Thread sender = new Thread(() -> IntStream.rangeClosed(2, 400)
                .forEach(i -> server().events().send(NewEvent.text("race", "message", "" + i))));
        sender.start();
        List<TestStream> streams = IntStream.range(0, 20)
                .mapToObj(i -> stream("/history?channel=race&start=" + (i % 2 == 0 ? "all" : "last:7")))
                .toList();
        sender.join();
        for (TestStream stream : streams) {
            stream.awaitEvent(event -> event.data().equals("400"));
            int first = Integer.parseInt(stream.messages().get(0).data());
            assertHas(stream, first, 400);
            stream.close();
        }
        assertThat(streams.get(0).messages()).hasSize(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/events?channel=a&start=all | start \\\"all\\\" is not allowed at this address; allowed are now"
                        + " (eventStream.routes[].start)",
                "/events/a?start=last:1 | start \\\"last:1\\\" is not allowed at this address; allowed are now",
                "/history/a?start=now | start \\\"now\\\" is not allowed at this address; allowed are last:3",
                "/history?channel=a&start= | start \\\"\\\" is malformed; allowed are now, all, last:NUMBER",
                "/history?channel=a&start | start \\\"\\\" is malformed",
                "/history?channel=a&start=last:0 | start \\\"last:0\\\" is malformed",
                "/history?channel=a&start=all&start=all | start is given 2 times; allowed is once",
                "/history?channel=a&start=%00%0Adata:%20x | start \\\"\uFFFD\uFFFDdata: x\\\" is malformed",
                "/history?channel=a&start=since:2026-01-31T08:30:00+01:00 | is malformed",
            })
    void other_starts_are_refused_permanently_and_the_answer_names_those_allowed(String path, String message) {
        try (TestStream stream = stream(path).awaitEnd()) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.text()).contains("id: error", "\"condition\":\"bad-request\"", message);
        }
    }
}
