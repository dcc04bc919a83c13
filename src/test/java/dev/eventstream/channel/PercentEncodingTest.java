package dev.eventstream.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentEncodingTest {
    @ParameterizedTest
    @CsvSource({
        "a b%2C=1, a b%2C=1",
        "größe 🚀日%E6, gr%C3%B6%C3%9Fe %F0%9F%9A%80%E6%97%A5%E6",
        "\u0085, %C2%85",
        "\uFFFD, \uFFFD",
    })
    void only_characters_that_are_not_ascii_are_encoded(String text, String encoded) {
        assertThat(PercentEncoding.encodeNonAscii(text)).isEqualTo(encoded);
    }

    @Test
    void half_a_surrogate_pair_is_refused() {
        assertThatThrownBy(() -> PercentEncoding.encodeNonAscii("a\uD83D"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
