package dev.eventstream.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"0-0", "k3f9x2-41", "a-1", "0123456789abcdef-999999999999999999", "x-1", "00-7"})
    void the_wire_form_is_epoch_and_sequence(String wire) {
        assertThat(EventId.parse(wire)).hasToString(wire);
    }

    @Test
    void an_id_knows_its_parts() {
        assertThat(EventId.parse("k3f9x2-41")).isEqualTo(new EventId("k3f9x2", 41));
        assertThat(EventId.parse("0-0")).isEqualTo(EventId.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "k3f9x2",
                "k3f9x2-",
                "-41",
                "41",
                "k3f9x2-41-1",
                "k3f9x2--1",
                "k3f9x2-+1",
                "k3f9x2- 1",
                "k3f9x2-1 ",
                " k3f9x2-1",
                "k3f9x2-1\n",
                "k3f9x2_1",
                "k3f9x2:1",
                "K3F9X2-1",
                "k3f9ö-1",
                "k3f9x2-041",
                "k3f9x2-00",
                "k3f9x2-0x1",
                "k3f9x2-1e3",
                "k3f9x2-1.0",
                "0123456789abcdefg-1",
                "k3f9x2-\u0661",
                "\uFF4B-1",
                "k3f9x2-1\0",
                "error"
            })
    void anything_else_is_refused(String wire) {
        assertThatIllegalArgumentException().isThrownBy(() -> EventId.parse(wire));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "k3f9x2-1000000000000000000",
                "k3f9x2-9223372036854775807",
                "k3f9x2-9223372036854775808",
                "k3f9x2-99999999999999999999999999999999"
            })
    void a_sequence_beyond_18_digits_is_refused(String wire) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventId.parse(wire))
                .withMessage("event id \"" + wire + "\" is not of the form epoch-sequence");
    }

    @Test
    void an_id_that_cannot_be_read_cannot_be_made() {
        assertThat(EventId.parse(new EventId("a", EventId.MAX_SEQUENCE).toString())
                        .sequence())
                .isEqualTo(999_999_999_999_999_999L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventId("k3", EventId.MAX_SEQUENCE + 1))
                .withMessage("sequence 1000000000000000000 of epoch \"k3\" is out of range; allowed are 1 to"
                        + " 999999999999999999, and 0 of epoch \"0\" only");
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId("k3", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId("k3", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId("0", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId("0", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K", "a b", "a-b", "ö", "0123456789abcdefg", "\n", "a\0", "`", "{", "/", ":"})
    void an_epoch_has_1_to_16_lower_case_letters_and_digits(String epoch) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventId(epoch, 1))
                .withMessageEndingWith(" is malformed; allowed are 1 to 16 lower-case letters and digits");
    }

    @Test
    void a_huge_text_makes_a_short_message() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventId.parse("9".repeat(10_000_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventId("9".repeat(10_000_000), 1))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150));
    }

    @Test
    void every_id_knows_the_one_before() {
        assertThat(new EventId("k3", 42).previous()).isEqualTo(new EventId("k3", 41));
        assertThat(new EventId("k3", 2).previous()).isEqualTo(new EventId("k3", 1));
        assertThat(new EventId("k3", 1).previous()).isEqualTo(EventId.NONE);
        assertThat(EventId.NONE.previous()).isEqualTo(EventId.NONE);
    }

    @Test
    void only_the_position_before_any_event_is_none() {
        assertThat(EventId.NONE.isNone()).isTrue();
        assertThat(new EventId("k3", 1).isNone()).isFalse();
    }

    @Test
    void no_text_makes_the_parser_fail_in_another_way() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "a9z0-- \n\u0000é😀A";
        for (int i = 0; i < 20_000; i++) {
            String wire = random.ints(random.nextInt(40), 0, alphabet.length())
                    .mapToObj(at -> alphabet.substring(at, at + 1))
                    .collect(Collectors.joining());
            try {
                assertThat(EventId.parse(wire).toString())
                        .as("seed %d, case %d", seed, i)
                        .isEqualTo(wire);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %d, case %d", seed, i).hasSizeLessThan(200);
            }
        }
    }
}
