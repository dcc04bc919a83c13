package dev.eventstream.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "message",
                "chat.message",
                "grüße",
                "🚀",
                " ",
                " a: b ",
                "Stream-Open",
                "Error",
                "opened",
                "keep-alives",
                "stream",
                "\u2028"
            })
    void any_other_text_in_one_line_is_a_type(String type) {
        assertThat(new EventType(type).value()).isEqualTo(type);
        assertThat(new EventType(type)).hasToString(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream-open", "stream-reset", "stream-end", "stream-error", "keep-alive", "open", "error"})
    void the_types_of_the_stream_and_of_event_source_are_refused(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventType.ofApplication(type))
                .withMessage("event type \"" + type
                        + "\" is reserved for the stream or for EventSource itself; allowed are all but "
                        + "[stream-open, stream-reset, stream-end, stream-error, keep-alive, open, error]");
    }

    @Test
    void a_log_may_contain_only_one_of_these_types_the_end_of_its_channel() {
        assertThat(new EventType("stream-end")).isEqualTo(EventType.END);
        assertThatIllegalArgumentException().isThrownBy(() -> new EventType("stream-reset"));
        assertThat(EventType.ofApplication("message")).isEqualTo(new EventType("message"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\ndata: b", "a\r", "\0", "a\tb", "\u007F", "\u0085"})
    void control_characters_are_refused_and_do_not_reach_the_message(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventType(type))
                .withMessage("event type \"" + type.replaceAll("\\p{Cc}", "\uFFFD")
                        + "\" has a control character or half a surrogate pair; any other Unicode is allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uDE80b"})
    void half_a_surrogate_pair_is_refused(String type) {
        assertThatIllegalArgumentException().isThrownBy(() -> new EventType(type));
    }

    @Test
    void a_type_has_1_to_255_characters() {
        assertThat(EventType.MAX_LENGTH).isEqualTo(255);
        assertThat(new EventType("x".repeat(255)).value()).hasSize(255);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventType(""))
                .withMessage("event type \"\" has 0 characters; allowed are 1 to 255");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventType("x".repeat(256)))
                .withMessage("event type \"" + "x".repeat(60) + "…\" has 256 characters; allowed are 1 to 255");
    }
}
