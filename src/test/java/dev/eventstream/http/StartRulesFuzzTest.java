package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.eventstream.store.StartLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.provider.ValueSource;

class StartRulesFuzzTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final StartRules rules = new StartRules(List.of("now", "last:100", "since:1h"));

    @ValueSource(
            strings = {
                "now",
                "all",
                "last:99",
                "last:999999999",
                "since:59m",
                "since:2026-01-31T11:30:00Z",
                "since:-999999999-01-01T00:00:00Z",
                "since:+1000000000-12-31T23:59:59Z",
                "since:2026-01-31T24:00:00+18:00",
                "last:",
                "since:"
            })
    @FuzzTest
    void a_client_never_gets_more_than_the_route_allows(@NotNull String asked) {
        try {
            StartLimit limit = rules.choose(List.of(asked), NOW, 1_000);
            assertThat(limit.events() <= 100
                            || (limit.events() <= 1_000 && !limit.since().isBefore(NOW.minus(Duration.ofHours(1)))))
                    .isTrue();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("start \"");
        }
    }
}
