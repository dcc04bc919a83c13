package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.stream.WireReader.WireEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers of finished channels receive, on direct streams and behind a proxy. */
public abstract class FinishedChannelsContract extends StreamContract {
    @Test
    void a_reader_gets_the_last_event_and_stream_end_and_its_stream_ends() {
        try (TestStream stream = stream("/events?channel=job").awaitOpen()) {
            Event first = events().send("job", "message", 1);
            Event last = events().finish(NewEvent.text("job", "message", "2"));
            stream.awaitEnd();

            assertThat(types(stream)).containsExactly("stream-open", "message", "message", "stream-end");
            assertThat(stream.messages())
                    .extracting(WireEvent::id)
                    .containsExactly("job=" + first.id(), "job=" + last.id());
            assertThat(lastOf(stream).data()).isEqualTo("{\"channels\":[\"job\"]}");
            assertThat(lastOf(stream).id()).isEqualTo("job=" + after(last));
        }
    }

    @Test
    void a_client_that_returns_from_the_end_gets_204() {
        events().finish("done");
        try (TestStream stream = stream("/events?channel=done").awaitEnd()) {
            String end = stream.lastEventId();
            try (TestStream byHeader = stream("/events?channel=done", "Last-Event-ID", end);
                    TestStream byParameter = stream("/events?channel=done&lastEventId=" + end)) {
                assertThat(byHeader.status()).isEqualTo(204);
                assertThat(byParameter.status()).isEqualTo(204);
                assertThat(byHeader.awaitEnd().text()).isEmpty();
            }
        }
    }

    @Test
    void a_new_reader_of_a_finished_channel_gets_stream_end_at_once() {
        Event last = events().finish(NewEvent.text("over", "message", "earlier"));

        try (TestStream stream = stream("/events?channel=over").awaitEnd()) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(types(stream)).containsExactly("stream-open", "stream-end");
            assertThat(stream.lastEventId()).isEqualTo("over=" + after(last));
        }
    }

    @Test
    void a_page_that_shows_the_state_of_a_finished_channel_gets_stream_end() {
        events().finish(NewEvent.text("state", "message", "in the state"));
        String current = events().currentEventId("state");

        try (TestStream stream =
                stream("/events?channel=state&lastEventId=" + current).awaitEnd()) {
            assertThat(types(stream)).containsExactly("stream-open", "stream-end");
        }
    }

    @Test
    void a_returning_client_gets_everything_that_it_missed_before_stream_end() {
        List<Event> sent = events().sendAll(IntStream.range(0, 2_500)
                .mapToObj(i -> NewEvent.text("long", "message", i + " " + "x".repeat(100)))
                .toList());
        events().finish("long");

        try (TestStream stream = stream(
                        "/events?channel=long",
                        "Last-Event-ID",
                        "long=" + sent.get(0).id())
                .awaitEnd()) {
            assertThat(stream.messages())
                    .extracting(WireEvent::data)
                    .isEqualTo(sent.stream().skip(1).map(Event::data).toList());
            assertThat(lastOf(stream).type()).isEqualTo("stream-end");
        }
    }

    @Test
    void the_other_channels_of_a_stream_continue_until_the_last_one_is_finished() {
        try (TestStream stream = stream("/events?channel=one&channel=two").awaitOpen()) {
            events().finish("one");
            events().send("two", "message", "a");
            stream.awaitMessages(1);
            events().send("two", "message", "b");
            stream.awaitMessages(2);
            assertThat(stream.hasEnded()).isFalse();
            events().finish(NewEvent.text("two", "message", "c"));
            stream.awaitEnd();

            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("\"a\"", "\"b\"", "c");
            assertThat(lastOf(stream).data()).isEqualTo("{\"channels\":[\"one\",\"two\"]}");
            assertThat(types(stream)).containsOnlyOnce("stream-end").doesNotContain("stream-reset");
            try (TestStream returned =
                    stream("/events?channel=one&channel=two", "Last-Event-ID", stream.lastEventId())) {
                assertThat(returned.status()).isEqualTo(204);
            }
        }
    }

    @Test
    void a_client_that_returns_with_one_channel_finished_gets_the_events_of_the_other() {
        String start;
        try (TestStream stream = stream("/events?channel=ended&channel=open").awaitOpen()) {
            start = stream.lastEventId();
        }
        events().finish(NewEvent.text("ended", "message", "last"));
        events().send("open", "message", 1);

        try (TestStream stream = stream("/events?channel=ended&channel=open", "Last-Event-ID", start)
                .awaitMessages(2)) {
            events().send("open", "message", 2);
            stream.awaitMessages(3);

            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("last", "1", "2");
            assertThat(types(stream)).doesNotContain("stream-end", "stream-reset");
        }
    }

    @Test
    void a_stream_with_an_unstored_channel_continues() {
        try (TestStream stream =
                stream("/events?channel=stored&channel=unstored-z").awaitOpen()) {
            events().finish(NewEvent.text("stored", "message", "last"));
            stream.awaitMessages(1);
            stream.awaitEvent(event -> {
                events().send("unstored-z", "tick", 1);
                return event.type().equals("tick");
            });

            assertThat(types(stream)).doesNotContain("stream-end");
            try (TestStream returned =
                    stream("/events?channel=stored&channel=unstored-z", "Last-Event-ID", stream.lastEventId())) {
                assertThat(returned.awaitOpen().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "100%", "%20%I", "a,b;c=\"d\"", "日本語"})
    void the_name_of_a_finished_channel_may_have_any_characters(String name) {
        String encoded = new ChannelName(name).encoded();
        try (TestStream stream = stream("/events?channel=" + encoded).awaitOpen()) {
            Event last = events().finish(NewEvent.text(name, "message", "100% %I"));
            stream.awaitEnd();

            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("100% %I");
            assertThat(lastOf(stream).data()).isEqualTo("{\"channels\":[\"" + name.replace("\"", "\\\"") + "\"]}");
            assertThat(lastOf(stream).id()).isEqualTo(encoded + '=' + after(last));
        }
    }

    @Test
    void a_user_who_may_not_see_the_last_event_gets_stream_end() {
        String jo = TestServer.basic("jo");
        try (TestStream stream =
                stream("/events?channel=private", "Authorization", jo).awaitOpen()) {
            events().finish(NewEvent.text("private", "message", "hidden").skippingUser("jo"));

            assertThat(types(stream.awaitEnd())).containsExactly("stream-open", "stream-end");
            try (TestStream returned =
                    stream("/events?channel=private", "Authorization", jo, "Last-Event-ID", stream.lastEventId())) {
                assertThat(returned.status()).isEqualTo(204);
            }
        }
    }

    @Test
    void a_channel_that_another_node_finishes_without_an_announcement_ends_here() {
        EventStore other = server().dyingNode().store();
        try (TestStream stream = stream("/events?channel=elsewhere").awaitOpen()) {
            other.append(
                    List.of(NewEvent.text("elsewhere", "message", "last"), NewEvent.end(new ChannelName("elsewhere"))));

            assertThat(types(stream.awaitEnd())).containsExactly("stream-open", "message", "stream-end");
        }
    }

    @Test
    void a_transaction_finishes_a_channel_with_its_commit() {
        try (TestStream stream = stream("/events?channel=atomic").awaitOpen()) {
            server().jdbi().useTransaction(handle -> {
                events().in(handle).finish("atomic");
                handle.rollback();
            });
            events().send("atomic", "message", 1);
            server().jdbi()
                    .useTransaction(handle -> events().in(handle).finish(NewEvent.text("atomic", "message", "2")));

            assertThat(stream.awaitEnd().messages()).extracting(WireEvent::data).containsExactly("1", "2");
            assertThat(lastOf(stream).type()).isEqualTo("stream-end");
        }
    }

    @Test
    void a_trimmed_end_still_ends_streams() {
        ChannelName channel = new ChannelName("trimmed");
        String before = "trimmed=" + events().send("trimmed", "message", 1).id();
        Event last = events().finish(NewEvent.text("trimmed", "message", "2"));
        assertThat(server().otherNode().store().trim(channel, TrimLimit.newest(0), 10))
                .isEqualTo(3);

        try (TestStream atEnd = stream("/events?channel=trimmed", "Last-Event-ID", "trimmed=" + after(last));
                TestStream tooLate = stream("/events?channel=trimmed", "Last-Event-ID", before)
                        .awaitEnd()) {
            assertThat(atEnd.status()).isEqualTo(204);
            assertThat(types(tooLate)).endsWith("stream-reset", "stream-end");
        }
    }

    @Test
    void a_reopened_channel_resets_clients_that_return_and_continues() {
        String end;
        events().finish("again");
        try (TestStream stream = stream("/events?channel=again").awaitEnd()) {
            end = stream.lastEventId();
        }
        events().reopen("again");

        try (TestStream stream =
                stream("/events?channel=again", "Last-Event-ID", end).awaitEvent("stream-reset")) {
            events().send("again", "message", "new");
            stream.awaitMessages(1);
            events().finish("again");

            assertThat(types(stream.awaitEnd()))
                    .containsExactly("stream-open", "stream-reset", "message", "stream-end");
        }
    }

    @Test
    void readers_of_a_channel_that_is_reopened_beside_another_are_reset_and_continue() {
        try (TestStream stream = stream("/events?channel=twice&channel=beside").awaitOpen()) {
            events().finish(NewEvent.text("twice", "message", "old"));
            events().send("beside", "message", 1);
            stream.awaitMessages(2);
            events().reopen("twice");
            events().send("twice", "message", "lost in the reset");
            stream.awaitEvent("stream-reset");
            events().send("twice", "message", "new");
            stream.awaitEvent(event -> event.data().equals("\"new\""));

            assertThat(stream.hasEnded()).isFalse();
        }
    }

    private static EventId after(Event last) {
        return new EventId(last.id().epoch(), last.id().sequence() + 1);
    }

    /** The types of all events but keep-alives. */
    private static List<String> types(TestStream stream) {
        return stream.events().stream()
                .map(WireEvent::type)
                .filter(type -> !type.equals("keep-alive"))
                .toList();
    }

    private static WireEvent lastOf(TestStream stream) {
        List<WireEvent> events = stream.events();
        return events.get(events.size() - 1);
    }
}
