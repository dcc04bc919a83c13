package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.BadRequestException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextRuleTest {
    private final TextRule line = new TextRule("name", 5, false);
    private final TextRule lines = new TextRule("text", 5, true);

    @ParameterizedTest
    @ValueSource(strings = {"a", "12345", "a b", "<b>", "日本語", "😀😀😀😀😀", "\u202Ex"})
    void accepts_any_unicode_up_to_the_limit(String text) {
        assertThat(line.check(text)).isEqualTo(text);
        assertThat(lines.check(text)).isEqualTo(text);
    }

    @Test
    void removes_white_space_at_both_ends() {
        assertThat(line.check(" \t12345\n\u2003")).isEqualTo("12345");
    }

    @Test
    void accepts_line_breaks_and_tabs_if_they_are_allowed() {
        assertThat(lines.check("a\n\r\tb")).isEqualTo("a\n\r\tb");
        assertThatThrownBy(() -> line.check("a\nb"))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("name has a control character or half a surrogate pair; allowed is any other Unicode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\u001Bb", "a\u0085b", "a\uD83D", "\uDE00b"})
    void refuses_control_characters_and_half_surrogate_pairs(String text) {
        assertThatThrownBy(() -> lines.check(text))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("text has a control character or half a surrogate pair; "
                        + "allowed is any other Unicode, line breaks and tabs");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\n\t"})
    void refuses_missing_or_empty_text(@Nullable String text) {
        assertThatThrownBy(() -> line.check(text))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("name has 0 characters; allowed are 1 to 5, not counting white space at both ends");
    }

    @ParameterizedTest
    @ValueSource(strings = {"123456", "😀😀😀😀😀😀"})
    void refuses_one_character_too_many(String text) {
        assertThatThrownBy(() -> line.check(text))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("name has 6 characters; allowed are 1 to 5, not counting white space at both ends");
    }
}
