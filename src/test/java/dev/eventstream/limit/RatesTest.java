package dev.eventstream.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RatesTest {
    private final SettableTicker ticker = new SettableTicker();
    private final Rates rates = new Rates(2, 5, ticker);

    private int taken(int slot, int attempts) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += rates.tryTake(slot, 1) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void ten_seconds_of_the_rate_pass_at_once_and_then_the_rate() {
        assertThat(taken(0, 1_000)).isEqualTo(50);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(taken(0, 1_000)).isEqualTo(5);
        ticker.advance(Duration.ofDays(1));
        assertThat(taken(0, 1_000)).isEqualTo(50);
    }

    @Test
    void attempts_that_fail_use_nothing() {
        assertThat(taken(0, 1_000)).isEqualTo(50);
        ticker.advance(Duration.ofMillis(100));
        assertThat(taken(0, 1_000)).isZero();
        ticker.advance(Duration.ofMillis(100));
        assertThat(taken(0, 1_000)).isEqualTo(1);
    }

    @Test
    void slots_do_not_affect_each_other() {
        assertThat(taken(0, 1_000)).isEqualTo(50);
        assertThat(taken(1, 1_000)).isEqualTo(50);
    }

    @Test
    void more_may_be_used_than_there_is_and_is_paid_back_in_time() {
        rates.take(0, 60);

        assertThat(rates.untilAvailable(0)).isEqualTo(Duration.ofSeconds(2));
        assertThat(rates.tryTake(0, 1)).isFalse();
        ticker.advance(Duration.ofSeconds(2));
        assertThat(rates.untilAvailable(0)).isZero();
        assertThat(rates.tryTake(0, 1)).isFalse();
        ticker.advance(Duration.ofMillis(200));
        assertThat(rates.tryTake(0, 1)).isTrue();
    }
}
