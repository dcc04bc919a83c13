package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinkBudgetTest {
    private final SettableTicker ticker = new SettableTicker();
    private final LinkBudget budget = new LinkBudget(Duration.ofSeconds(20), Duration.ofSeconds(60), ticker);

    @Test
    void the_timeout_grows_with_the_distinct_links_between_its_bounds() {
        assertThat(timeoutAfter(0, 1)).isEqualTo(Duration.ofSeconds(20));
        assertThat(timeoutAfter(1, 100)).isEqualTo(Duration.ofSeconds(20));
        assertThat(timeoutAfter(100, 200)).isEqualTo(Duration.ofSeconds(40));
        assertThat(budget.fits()).isTrue();
        assertThat(timeoutAfter(200, 400)).isEqualTo(Duration.ofSeconds(60));
        assertThat(budget.fits()).isFalse();
        assertThat(budget.report()).contains("400 distinct next links", "allows 300 of them");
    }

    @Test
    void a_link_that_many_streams_share_counts_once() {
        for (int i = 0; i < 10_000; i++) {
            budget.timeoutOf("same");
        }
        assertThat(budget.links()).isEqualTo(1);
    }

    @Test
    void links_that_are_no_longer_in_use_do_not_count() {
        timeoutAfter(0, 400);
        assertThat(budget.fits()).isFalse();
        ticker.advance(Duration.ofSeconds(121));
        assertThat(budget.links()).isZero();
        assertThat(budget.fits()).isTrue();
    }

    private Duration timeoutAfter(int from, int to) {
        Duration timeout = Duration.ZERO;
        for (int i = from; i < to; i++) {
            timeout = budget.timeoutOf("link " + i);
        }
        return timeout;
    }
}
