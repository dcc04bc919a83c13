package dev.eventstream.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventstream.EventStream;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventType;
import io.dropwizard.auth.PrincipalImpl;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kit as the tests of an application use it, with one server for all of them. */
@Timeout(60)
class EventStreamExtensionTest {
    private static final Reader ALICE = Reader.of(new PrincipalImpl("alice"));
    private static final Reader BOB = Reader.of(new PrincipalImpl("bob"));

    @RegisterExtension
    static final EventStreamExtension EVENTS = EventStreamExtension.of(EventStreamExtensionTest::mayRead)
            .configuredBy(unstored("clock-*"))
            .with(bundle -> bundle.route("/events").route("/inbox/events", "inbox-{user}"));

    private static boolean mayRead(Reader reader, ChannelName channel) {
        return !channel.value().startsWith("staff-") || reader.isUser("alice");
    }

    private static EventStreamFactory unstored(String channels) {
        EventStreamFactory factory = new EventStreamFactory();
        factory.setUnstored(List.of(channels));
        return factory;
    }

    private static void send(String channel, int... numbers) {
        for (int number : numbers) {
            EVENTS.eventStream().send(channel, "number", number);
        }
    }

    private static List<String> data(List<ReceivedEvent> events) {
        return events.stream().map(ReceivedEvent::data).toList();
    }

    @Test
    void a_reader_gets_what_is_sent_while_it_is_open_and_while_it_is_cut() {
        send("cuts", 0);
        try (TestReader reader = EVENTS.open("/events?channel=cuts")) {
            send("cuts", 1);
            assertThat(reader.next().data()).isEqualTo("1");
            reader.cut();
            send("cuts", 2, 3);
            assertThat(data(reader.received())).containsExactly("1");

            reader.resume();
            send("cuts", 4);

            assertThat(data(reader.await(4))).containsExactly("1", "2", "3", "4");
            assertThat(reader.next().data()).isEqualTo("2");
            reader.assertContiguous();
        }
    }

    @Test
    void a_reader_that_is_cut_often_loses_and_repeats_nothing() {
        try (TestReader reader = EVENTS.open("/events?channel=often&channel=other")) {
            for (int i = 0; i < 30; i++) {
                send(i % 3 == 0 ? "other" : "often", i);
                if (i % 10 == 5) {
                    reader.resume();
                }
            }

            assertThat(reader.await(30))
                    .hasSize(30)
                    .allMatch(event -> event.type().equals("number"));
            reader.assertContiguous();
        }
    }

    @Test
    void an_event_that_skips_a_reader_is_not_missing() {
        EventStream stream = EVENTS.eventStream();
        try (TestReader alice = EVENTS.open(ALICE, "/events?channel=skips");
                TestReader bob = EVENTS.open(BOB, "/events?channel=skips")) {
            send("skips", 1);
            stream.send(stream.newEvent("skips", "number", 2).skippingUser("bob"));
            send("skips", 3);

            assertThat(data(alice.await(3))).containsExactly("1", "2", "3");
            assertThat(data(bob.await(2))).containsExactly("1", "3");
            alice.assertContiguous();
            bob.assertContiguous();
        }
    }

    @Test
    void the_log_shows_what_was_sent_and_to_whom() {
        EventStream stream = EVENTS.eventStream();
        Event sent = stream.send(
                stream.newEvent("staff-log", "noted", Map.of("text", "hi")).skippingUser("bob"));
        stream.finish("staff-log");

        List<Event> log = EVENTS.sent("staff-log");
        assertThat(log).hasSize(2).startsWith(sent);
        assertThat(log.get(0).channel()).isEqualTo(new ChannelName("staff-log"));
        assertThat(log.get(0).type()).isEqualTo(new EventType("noted"));
        assertThat(log.get(0).data()).isEqualTo("{\"text\":\"hi\"}");
        assertThat(log.get(0).skipUsers()).isEqualTo(Set.of("bob"));
        assertThat(log.get(1).isEnd()).isTrue();
        assertThat(EVENTS.channels()).contains("staff-log").doesNotContain("nothing-sent");
        assertThat(EVENTS.sent("nothing-sent")).isEmpty();
    }

    @Test
    void a_long_log_is_shown_completely() {
        EventStream stream = EVENTS.eventStream();
        for (int i = 0; i < 3; i++) {
            stream.sendAll(IntStream.range(0, 700)
                    .mapToObj(number -> stream.newEvent("long", "number", number))
                    .toList());
        }

        assertThat(EVENTS.sent("long")).hasSize(2_100);
    }

    @Test
    void those_who_may_read_and_are_not_skipped_see_an_event() {
        EventStream stream = EVENTS.eventStream();
        Event forStaff = stream.send("staff-only", "noted", 1);
        Event notForBob = stream.send(stream.newEvent("everyone", "noted", 1).skippingUser("bob"));

        assertThat(EVENTS.whoSees(forStaff, ALICE, BOB, Reader.anonymous())).containsExactly(ALICE);
        assertThat(EVENTS.whoSees(notForBob, ALICE, BOB, Reader.anonymous()))
                .containsExactly(ALICE, Reader.anonymous());
    }

    @Test
    void a_reader_who_may_not_read_is_refused() {
        assertThat(EVENTS.refusal(BOB, "/events?channel=staff-room")).isEqualTo("forbidden");
        assertThat(EVENTS.refusal(Reader.anonymous(), "/events")).isEqualTo("bad-request");
        assertThat(EVENTS.refusal(ALICE, "/nowhere")).isEqualTo("status 404");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> EVENTS.open(BOB, "/events?channel=staff-room"))
                .withMessageContaining("was refused: forbidden");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> EVENTS.refusal(ALICE, "/events?channel=staff-room"))
                .withMessageContaining("was not refused");
    }

    @Test
    void a_reader_signs_in_as_its_principal() {
        try (TestReader reader = EVENTS.open(BOB, "/inbox/events")) {
            send("inbox-alice", 1);
            send("inbox-bob", 2);

            assertThat(reader.next().data()).isEqualTo("2");
        }
    }

    @Test
    void a_disconnected_reader_learns_why_and_may_not_come_back() {
        try (TestReader reader = EVENTS.open(ALICE, "/events?channel=kicks")) {
            EVENTS.eventStream().disconnect("alice", "enough");

            assertThat(reader.await("stream-error").data()).contains("\"disconnected\"", "enough");
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(reader::resume)
                    .withMessageContaining("was refused: status 400");
            reader.assertContiguous();
        }
    }

    @Test
    void a_finished_channel_ends_its_stream() {
        try (TestReader reader = EVENTS.open("/events?channel=answer")) {
            send("answer", 1);
            EVENTS.eventStream().finish("answer");

            assertThat(reader.await("stream-end").data()).contains("answer");
            reader.assertContiguous();
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> reader.await(2))
                    .withMessageContaining("no 2 events")
                    .withMessageContaining("has ended")
                    .withMessageContaining("number 1");
        }
    }

    @Test
    void events_of_unstored_channels_reach_open_readers_only() {
        try (TestReader reader = EVENTS.open("/events?channel=clock-1")) {
            send("clock-1", 1, 1);
            assertThat(data(reader.await(2))).containsExactly("1", "1");
            reader.assertContiguous();
        }
        assertThat(EVENTS.sent("clock-1")).isEmpty();
    }

    @Test
    void a_wait_on_a_cut_reader_fails_at_once() {
        try (TestReader reader = EVENTS.open("/events?channel=waits")) {
            reader.cut();

            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(reader::next)
                    .withMessageContaining("no event 1 on the stream http://localhost:")
                    .withMessageContaining("which is cut");
        }
    }

    @Test
    void old_events_are_trimmed_as_time_advances() {
        try (TestReader reader = EVENTS.open("/events?channel=aging")) {
            reader.cut();
            send("aging", 1, 2);
            EVENTS.advance(Duration.ofHours(23));
            send("aging", 3);
            assertThat(EVENTS.sent("aging")).extracting(Event::data).containsExactly("1", "2", "3");

            EVENTS.advance(Duration.ofHours(2));
            assertThat(EVENTS.sent("aging")).extracting(Event::data).containsExactly("3");

            reader.resume();
            assertThat(reader.await("stream-reset").data()).isEqualTo("{\"channels\":[\"aging\"]}");
            send("aging", 4);
            assertThat(reader.next().data()).isEqualTo("4");
            reader.assertContiguous();
        }
    }

    @Test
    void a_position_of_another_log_is_reset() {
        try (TestReader reader = EVENTS.open("/events?channel=foreign&lastEventId=foreign%3Dgone-1")) {
            assertThat(reader.await("stream-reset").data()).isEqualTo("{\"channels\":[\"foreign\"]}");
        }
    }

    @Test
    void time_cannot_go_back() {
        assertThatIllegalArgumentException().isThrownBy(() -> EVENTS.advance(Duration.ofSeconds(-1)));
    }

    @Test
    void the_server_can_no_longer_be_set_up_while_it_runs() {
        assertThatIllegalStateException().isThrownBy(() -> EVENTS.configuredBy(new EventStreamFactory()));
        assertThatIllegalStateException().isThrownBy(() -> EVENTS.with(bundle -> bundle));
    }

    @Test
    void an_extension_that_is_not_registered_says_so() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> EventStreamExtension.of((reader, channel) -> true).eventStream())
                .withMessageContaining("@RegisterExtension");
    }

    @Test
    void a_path_begins_with_a_slash_and_is_encoded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EVENTS.open("events?channel=x"))
                .withMessage("path \"events?channel=x\" does not begin with a slash; allowed are paths such as"
                        + " /events?channel=orders");
        assertThatIllegalArgumentException().isThrownBy(() -> EVENTS.open("/events?channel=a b"));
    }

    @Test
    void headers_need_values() {
        URI uri = EVENTS.uri("/events?channel=x");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestReader.open(uri, "Authorization"))
                .withMessageContaining("Authorization");
    }

    /** An instance field gives each test a server with an empty log; the outer class keeps its own. */
    @Nested
    class WithAServerPerTest {
        @RegisterExtension
        final EventStreamExtension fresh = EventStreamExtension.of((reader, channel) -> true);

        @Test
        void the_log_is_empty_for_one_test() {
            usesItsLogAlone();
        }

        @Test
        void the_log_is_empty_for_another_test() {
            usesItsLogAlone();
        }

        private void usesItsLogAlone() {
            assertThat(fresh.channels()).isEmpty();
            fresh.eventStream().send("orders", "number", 1);
            assertThat(fresh.channels()).containsExactly("orders");
            assertThat(EVENTS.uri("/")).isNotEqualTo(fresh.uri("/"));
        }
    }
}
