package dev.eventstream.control.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TnetstringTest {

    @Test
    void values_are_written_with_their_length_in_bytes_and_their_type() {
        assertThat(Tnetstring.dictionary(Map.of("é", Tnetstring.dictionary(Map.of())))
                        .encoded())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("8:2:é,0:}}");
    }

    @Test
    void a_dictionary_is_read_whatever_its_values_are() {
        Map<String, Tnetstring> read = parse("47:7:success,4:true!5:value,3:abc,1:n,2:12#1:x,0:~}")
                .flatMap(Tnetstring::dictionary)
                .orElseThrow();
        assertThat(read).containsOnlyKeys("success", "value", "n", "x");
        assertThat(read.getOrDefault("success", Tnetstring.NOTHING).isTrue()).isTrue();
        assertThat(read.getOrDefault("value", Tnetstring.NOTHING).isTrue()).isFalse();
    }

    @Test
    void text_and_numbers_are_read_and_nothing_else_passes_for_them() {
        assertThat(parse("2:é,").flatMap(Tnetstring::text)).contains("é");
        assertThat(parse("2:12#").flatMap(Tnetstring::text)).isEmpty();
        assertThat(parse("9:999999999#").flatMap(Tnetstring::number)).contains(999_999_999);
        for (String wrong : new String[] {"10:9999999999#", "2:-1#", "0:#", "2:1x#", "2:12,"}) {
            assertThat(parse(wrong).flatMap(Tnetstring::number)).as(wrong).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "5",
                "5:",
                "5:abc,",
                "3:abc",
                "3:abc,x",
                "-1:a,",
                "+1:a,",
                " 1:a,",
                "1234567890:a,",
                "999999999:a,",
                "99999999999999999999:a,",
                "a:b,"
            })
    void any_other_text_is_not_a_value(String text) {
        assertThat(parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3:abc,", "3:abc}", "4:1:a,}", "8:1:a,1:b,}x", "6:1:1#0:~}", "9:1:a,9:b,}", "4:true!"})
    void any_other_value_is_not_a_dictionary(String text) {
        assertThat(parse(text).flatMap(Tnetstring::dictionary)).isEmpty();
    }

    private static Optional<Tnetstring> parse(String text) {
        return Tnetstring.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
