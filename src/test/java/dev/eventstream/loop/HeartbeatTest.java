package dev.eventstream.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private final SettableTicker ticker = new SettableTicker();
    private final MetricRegistry metrics = new MetricRegistry();
    private final Heartbeats heartbeats = new Heartbeats(ticker, metrics);
    private final Heartbeat bus = heartbeats.add("bus", Duration.ofSeconds(5));

    @Test
    void a_loop_that_has_not_started_is_not_judged() {
        ticker.advance(Duration.ofHours(1));

        assertThat(heartbeats.troubles()).isEmpty();
    }

    @Test
    void a_loop_may_be_silent_up_to_its_limit_and_no_longer() {
        bus.start();
        ticker.advance(Duration.ofSeconds(5));
        assertThat(heartbeats.troubles()).isEmpty();

        ticker.advance(Duration.ofMillis(500));

        assertThat(heartbeats.troubles())
                .containsExactly(Map.entry("bus", "has not completed a round for 5.5 s (limit 5.0 s)"));
    }

    @Test
    void each_round_starts_the_silence_anew() {
        bus.start();
        ticker.advance(Duration.ofSeconds(4));
        assertThat(bus.run(() -> {})).isTrue();
        ticker.advance(Duration.ofSeconds(4));

        assertThat(heartbeats.troubles()).isEmpty();
    }

    @Test
    void an_error_is_survived_and_counted_and_shown_until_a_round_succeeds() {
        bus.start();
        Error error = new OutOfMemoryError("planted");

        assertThat(bus.run(() -> {
                    throw error;
                }))
                .isFalse();

        assertThat(heartbeats.troubles().get("bus"))
                .isEqualTo("failed in its last round: java.lang.OutOfMemoryError: planted");
        assertThat(metrics.meter("eventstream.loop.bus.failures").getCount()).isEqualTo(1);
        bus.run(() -> {});
        assertThat(heartbeats.troubles()).isEmpty();
        assertThat(metrics.meter("eventstream.loop.bus.failures").getCount()).isEqualTo(1);
    }

    @Test
    void a_loop_that_handles_its_own_failures_reports_them() {
        bus.start();
        bus.failed(new IllegalStateException("no table"));
        assertThat(heartbeats.troubles().get("bus")).endsWith("IllegalStateException: no table");

        bus.beat();

        assertThat(heartbeats.troubles()).isEmpty();
    }

    @Test
    void a_failing_loop_that_falls_silent_is_shown_as_silent() {
        bus.start();
        bus.failed(new IllegalStateException("no table"));
        ticker.advance(Duration.ofSeconds(6));

        assertThat(heartbeats.troubles().get("bus")).startsWith("has not completed a round for 6.0 s");
    }

    @Test
    void a_loop_that_was_stopped_is_not_judged() {
        bus.start();
        bus.failed(new IllegalStateException());
        bus.stop();
        ticker.advance(Duration.ofSeconds(60));

        assertThat(heartbeats.troubles()).isEmpty();
    }

    @Test
    void every_loop_in_trouble_is_shown_by_name() {
        heartbeats.watch("catch-up", () -> Optional.of("is stuck"));
        bus.start();
        bus.failed(new IllegalStateException());

        assertThat(heartbeats.troubles().keySet()).containsExactly("bus", "catch-up");
    }

    @Test
    void two_loops_with_the_same_name_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> heartbeats.add("bus", Duration.ofSeconds(1)))
                .withMessage("there are two loops named \"bus\"");
    }
}
