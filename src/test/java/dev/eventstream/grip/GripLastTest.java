package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.event.LastEventId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GripLastTest {

    @Test
    void positions_come_in_separate_headers_or_in_one() {
        LastEventId positions = LastEventId.parse("a%20b=k3f9x2-41,c=0-0");
        assertThat(GripLast.parse(List.of("events-a%20b; last-id=k3f9x2-41", "events-c; last-id=0-0")))
                .isEqualTo(positions);
        assertThat(GripLast.parse(List.of("events-a%20b; last-id=\"k3f9x2-41\",events-c;last-id=0-0 ")))
                .isEqualTo(positions);
        assertThat(GripLast.parse(List.of())).isEqualTo(LastEventId.EMPTY);
    }

    @Test
    void channels_without_events_are_ignored() {
        assertThat(GripLast.parse(List.of("user-jo; last-id=kick-1", "other; last-id=7"))
                        .isEmpty())
                .as("a position of a channel that is not ours")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "events-a",
                "events-a; last-id",
                "events-a; last-id=",
                "events-a; last-id=k3f9x2-41,",
                "events-a; last-id=41",
                "events-a; last-id=k3f9x2-41; more=1",
                "events-a%2; last-id=k3f9x2-41",
                "events-a b; last-id=k3f9x2-41",
                "events-é; last-id=k3f9x2-41",
                "events-; last-id=k3f9x2-41",
                "events-a; last-id=k3f9x2-41, events-a; last-id=k3f9x2-42",
                "; last-id=k3f9x2-41",
                "events-a; last-id=\"k3f9x2-41"
            })
    void anything_else_is_refused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> GripLast.parse(List.of(value)));
    }

    @Test
    void a_value_that_is_too_long_is_refused_before_it_is_read() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GripLast.parse(List.of("x".repeat(GripLast.MAX_LENGTH), "x")))
                .withMessage("Grip-Last is longer than 262144 characters");
    }
}
