package dev.eventstream.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "text", "ä€🚀", "🚀🚀", "\u2028", "\uFFFF"})
    void text_in_one_line_is_plain(String text) {
        assertThat(PlainText.isPlain(text)).isTrue();
        assertThat(PlainText.isUnicode(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\n", "a\r", "\t", "\u007F", "\u0085", "🚀\u009F"})
    void control_characters_are_unicode_but_not_plain(String text) {
        assertThat(PlainText.isPlain(text)).isFalse();
        assertThat(PlainText.isUnicode(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uD83D",
                "\uDE80",
                "\uDE80\uD83D",
                "a\uD83Db",
                "🚀\uD83D",
                "\uD83D\uD83D\uDE80",
                "\uD83D\uDE80\uDE80"
            })
    void half_a_surrogate_pair_is_neither(String text) {
        assertThat(PlainText.isPlain(text)).isFalse();
        assertThat(PlainText.isUnicode(text)).isFalse();
    }

    @Test
    void a_quotation_shows_60_characters() {
        assertThat(PlainText.quote("")).isEqualTo("\"\"");
        assertThat(PlainText.quote("x".repeat(60))).isEqualTo('"' + "x".repeat(60) + '"');
        assertThat(PlainText.quote("x".repeat(61))).isEqualTo('"' + "x".repeat(60) + "…\"");
    }

    @Test
    void a_quotation_stays_one_line_and_never_ends_in_half_a_character() {
        assertThat(PlainText.quote("a\r\nWARN b\u2028c\u2029d\u0085e")).isEqualTo("\"a��WARN b�c�d�e\"");
        assertThat(PlainText.quote("x".repeat(59) + "🚀")).isEqualTo('"' + "x".repeat(59) + "�…\"");
    }
}
