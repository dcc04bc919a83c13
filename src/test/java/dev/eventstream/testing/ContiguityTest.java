package dev.eventstream.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs of events that a broken service would send. */
class ContiguityTest {
    private final MemoryEventStore store = new MemoryEventStore(Clock.systemUTC());
    private final Contiguity contiguity = new Contiguity(new SentEvents(store), event -> event.skips("alice"));

    private Event send(NewEvent event) {
        return store.append(List.of(event)).events().get(0);
    }

    private Event send(String data) {
        return send(NewEvent.text("orders", "ordered", data));
    }

    private static ReceivedEvent open(String position) {
        return new ReceivedEvent("stream-open", "{\"keepAlive\":20}", position);
    }

    private static ReceivedEvent received(Event event) {
        return new ReceivedEvent(event.type().toString(), event.data(), event.channel() + "=" + event.id());
    }

    private Optional<String> breach(ReceivedEvent... events) {
        return contiguity.breach(List.of(events));
    }

    @Test
    void a_complete_run_is_contiguous() {
        ReceivedEvent one = received(send("one"));
        ReceivedEvent two = received(send("two"));

        assertThat(breach(open("orders=0-0"), one, open(one.lastEventId()), two))
                .isEmpty();
        assertThat(breach(open(one.lastEventId()), two)).isEmpty();
        assertThat(breach()).isEmpty();
    }

    @Test
    void a_missing_event_is_named() {
        ReceivedEvent one = received(send("one"));
        Event missing = send("two");
        ReceivedEvent three = received(send("three"));

        assertThat(breach(open("orders=0-0"), one, three))
                .hasValue("it has not received [event " + missing.id() + " of channel \"orders\"]");
        assertThat(breach(open("orders=0-0"), three)).isPresent();
    }

    @Test
    void a_stream_that_opens_too_late_has_lost_an_event() {
        ReceivedEvent one = received(send("one"));
        ReceivedEvent two = received(send("two"));

        assertThat(breach(open("orders=0-0"), one, open(two.lastEventId()))).isPresent();
        assertThat(breach(one, new ReceivedEvent("keep-alive", "", two.lastEventId())))
                .isPresent();
    }

    @Test
    void events_that_skip_the_reader_and_the_end_of_a_channel_may_be_missing() {
        ReceivedEvent one = received(send("one"));
        send(NewEvent.text("orders", "ordered", "hidden").skippingUser("alice"));
        ReceivedEvent three = received(send("three"));
        Event end = send(
                NewEvent.end(send(NewEvent.text("orders", "ordered", "hidden").skippingUser("alice"))
                        .channel()));

        assertThat(breach(one, three, new ReceivedEvent("stream-end", "", "orders=" + end.id())))
                .isEmpty();
        assertThat(breach(open("orders=0-0"), one, new ReceivedEvent("stream-end", "", "orders=" + end.id())))
                .isPresent();
    }

    @Test
    void a_position_that_goes_back_or_into_another_log_needs_a_reset() {
        ReceivedEvent one = received(send("one"));
        ReceivedEvent two = received(send("two"));
        ReceivedEvent other = new ReceivedEvent("ordered", "x", "orders=other-3");

        assertThat(breach(two, one)).hasValueSatisfying(text -> assertThat(text).contains("without a stream-reset"));
        assertThat(breach(two, other)).isPresent();
        assertThat(breach(two, new ReceivedEvent("stream-reset", "{\"channels\":[\"orders\"]}", "orders=other-3")))
                .isEmpty();
        assertThat(breach(two, new ReceivedEvent("stream-reset", "{\"channels\":[\"drafts\"]}", "orders=other-3")))
                .isPresent();
    }

    @Test
    void a_gap_that_the_log_cannot_explain_is_a_breach() {
        ReceivedEvent one = received(send("one"));
        send("two");
        ReceivedEvent three = received(send("three"));
        store.trim(Instant.MAX, 10);

        assertThat(breach(one, three))
                .hasValueSatisfying(text -> assertThat(text).contains("the log no longer has all of these events"));
    }

    @Test
    void each_channel_has_its_own_run() {
        Event order = send("one");
        Event draft = send(NewEvent.text("drafts", "saved", "a"));

        assertThat(breach(
                        open("drafts=0-0,orders=0-0"),
                        new ReceivedEvent("ordered", "one", "drafts=0-0,orders=" + order.id()),
                        new ReceivedEvent("saved", "a", "drafts=" + draft.id() + ",orders=" + order.id())))
                .isEmpty();
        assertThat(breach(
                        open("drafts=0-0,orders=0-0"),
                        new ReceivedEvent("saved", "a", "drafts=" + draft.id() + ",orders=" + order.id())))
                .hasValue("it has not received [event " + order.id() + " of channel \"orders\"]");
    }

    @Test
    void events_without_a_position_are_part_of_no_run() {
        assertThat(breach(
                        open(""), new ReceivedEvent("time", "1", ""), new ReceivedEvent("stream-error", "{}", "error")))
                .isEmpty();
    }
}
