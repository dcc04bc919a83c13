package dev.eventstream.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.channel.ChannelName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewEventTest {
    private final NewEvent event = NewEvent.text("orders", "message", "secret");

    @Test
    void an_event_has_the_values_it_was_created_with() {
        assertThat(event.channel()).isEqualTo(new ChannelName("orders"));
        assertThat(event.type()).isEqualTo(new EventType("message"));
        assertThat(event.data()).isEqualTo("secret");
        assertThat(event.skipUsers()).isEmpty();
        assertThat(event.idempotencyKey()).isEmpty();
    }

    @Test
    void its_text_never_shows_the_data_or_the_key() {
        assertThat(event.withIdempotencyKey("hidden").skippingUser("alice"))
                .hasToString("event of type \"message\" with 6 characters for channel \"orders\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\n", "a\r\nb", " ", "🚀", "\uFEFF", "\uFFFF"})
    void data_is_any_text_that_utf_8_can_carry(String data) {
        assertThat(NewEvent.text("a", "b", data).data()).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "secret\uDE80", "\uDE80\uD83D"})
    void data_with_half_a_surrogate_pair_is_refused_without_showing_it(String data) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NewEvent.text("a", "b", data))
                .withMessage("event data has half a surrogate pair, which UTF-8 cannot carry");
    }

    @Test
    void bad_channels_and_types_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NewEvent.text("a\n", "b", ""))
                .withMessageStartingWith("channel name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NewEvent.text("a", "keep-alive", ""))
                .withMessageStartingWith("event type");
    }

    @Test
    void users_to_skip_add_up_and_leave_the_original_alone() {
        NewEvent skipping = event.skippingUser("alice").skippingUser("bob").skippingUser("alice");
        assertThat(skipping.skipUsers()).containsExactlyInAnyOrder("alice", "bob");
        assertThat(event.skipUsers()).isEmpty();
    }

    @Test
    void adding_a_key_or_a_user_keeps_everything_else() {
        NewEvent both = event.skippingUser("alice").withIdempotencyKey("k").skippingUser("bob");
        assertThat(both.idempotencyKey()).contains("k");
        assertThat(both.skipUsers()).containsExactlyInAnyOrder("alice", "bob");
        assertThat(both.channel()).isEqualTo(event.channel());
        assertThat(both.type()).isEqualTo(event.type());
        assertThat(both.data()).isEqualTo("secret");
        assertThat(event.idempotencyKey()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\n", "\0", "\uD83D", "\u0085"})
    void users_and_keys_are_plain_text(String bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event.skippingUser(bad))
                .withMessageEndingWith(
                        "allowed are 1 to 255 characters without control characters or half a surrogate pair");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event.withIdempotencyKey(bad))
                .withMessageEndingWith(
                        "allowed are 1 to 255 characters without control characters or half a surrogate pair");
    }

    @Test
    void users_and_keys_have_255_characters_at_most_and_a_key_is_never_shown() {
        String longest = "x".repeat(255);
        assertThat(event.skippingUser(longest).skipUsers()).containsExactly(longest);
        assertThat(event.withIdempotencyKey(longest).idempotencyKey()).contains(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event.skippingUser(longest + "x"))
                .withMessageStartingWith("user to skip \"" + "x".repeat(60) + "…\" is not allowed;");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event.withIdempotencyKey(longest + "x"))
                .withMessageStartingWith("an idempotency key of 256 characters is not allowed;");
    }
}
