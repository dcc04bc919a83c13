package dev.eventstream.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventTest {
    private final NewEvent sent = NewEvent.text("orders", "message", "secret").skippingUser("alice");

    @Test
    void a_stored_event_has_a_position_and_knows_the_one_before() {
        Event event = Event.stored(sent, new EventId("k3", 2));
        assertThat(event.isStored()).isTrue();
        assertThat(event.previous()).isEqualTo(new EventId("k3", 1));
        assertThat(event.channel()).isEqualTo(sent.channel());
        assertThat(event.type()).isEqualTo(sent.type());
        assertThat(event.data()).isEqualTo("secret");
        assertThat(Event.stored(sent, new EventId("k3", 1)).previous()).isEqualTo(EventId.NONE);
    }

    @Test
    void an_unstored_event_has_no_position() {
        Event event = Event.unstored(sent);
        assertThat(event.isStored()).isFalse();
        assertThat(event.id()).isEqualTo(EventId.NONE);
        assertThat(event.previous()).isEqualTo(EventId.NONE);
    }

    @Test
    void it_skips_exactly_the_users_that_the_sender_named() {
        Event event = Event.unstored(sent);
        assertThat(event.skips("alice")).isTrue();
        assertThat(event.skips("Alice")).isFalse();
        assertThat(event.skips("")).isFalse();
    }

    @Test
    void the_users_to_skip_cannot_be_changed_afterwards() {
        Set<String> users = new HashSet<>();
        Event event = new Event(sent.channel(), EventId.NONE, sent.type(), "", users);
        users.add("bob");
        assertThat(event.skips("bob")).isFalse();
    }

    @Test
    void its_text_names_the_position_and_never_the_data() {
        assertThat(Event.stored(sent, new EventId("k3", 2))).hasToString("event k3-2 of channel \"orders\"");
    }
}
