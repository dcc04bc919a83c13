package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.eventstream.event.EventType;
import java.util.List;
import org.junit.jupiter.params.provider.CsvSource;

class TypeRulesFuzzTest {

    @CsvSource({"ordered, ordered", "*, x", "*, *", "' a', 'a '", "ünï, ;%", "open, error", "a, b"})
    @FuzzTest
    void a_stream_shows_only_types_that_are_allowed_and_asked_for(@NotNull String allowed, @NotNull String asked) {
        try {
            TypeRules rules = new TypeRules(List.of(allowed));
            assertThat(rules.choose(List.of(asked)).types()).containsExactly(new EventType(asked));
            assertThat(allowed).isIn("*", asked);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
