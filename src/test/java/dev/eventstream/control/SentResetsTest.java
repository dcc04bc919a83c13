package dev.eventstream.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SentResetsTest {
    private static final long LONG = Duration.ofHours(1).toNanos();

    private final SettableTicker ticker = new SettableTicker();
    private final SentResets resets = new SentResets(ticker);

    private static ProxyItem reset(String channel) {
        return new ItemEncoder(new UniqueIds("n1"), false).reset(new ChannelName(channel));
    }

    @Test
    void a_reset_is_repeated_once() {
        ProxyItem reset = reset("a");
        assertThat(resets.dueWithin(LONG)).isEqualTo(LONG);
        resets.add(reset);
        assertThat(resets.dueWithin(LONG)).isEqualTo(SentResets.DELAY.toNanos());
        ticker.advance(SentResets.DELAY.minusNanos(1));
        assertThat(resets.takeDue()).isEmpty();
        ticker.advance(Duration.ofNanos(1));
        assertThat(resets.dueWithin(LONG)).isZero();
        assertThat(resets.takeDue()).containsExactly(reset);

        resets.add(reset("a"));
        assertThat(resets.dueWithin(LONG)).isEqualTo(LONG);
        resets.add(reset("a"));
        assertThat(resets.dueWithin(LONG)).isEqualTo(SentResets.DELAY.toNanos());
    }

    @Test
    void another_reset_of_a_channel_postpones_the_repetition() {
        resets.add(reset("a"));
        ticker.advance(Duration.ofSeconds(1));
        resets.add(reset("b"));
        ticker.advance(Duration.ofSeconds(1));
        resets.add(reset("a"));
        ticker.advance(SentResets.DELAY.minusSeconds(1));
        assertThat(resets.takeDue()).extracting(ProxyItem::source).containsExactly(new ChannelName("b"));
        ticker.advance(Duration.ofSeconds(1));
        assertThat(resets.takeDue()).extracting(ProxyItem::source).containsExactly(new ChannelName("a"));
    }

    @Test
    void beyond_the_limit_a_reset_is_not_repeated() {
        for (int i = 0; i <= SentResets.MAX; i++) {
            resets.add(reset("c" + i));
        }
        ticker.advance(SentResets.DELAY);
        assertThat(resets.takeDue())
                .hasSize(SentResets.MAX)
                .extracting(ProxyItem::source)
                .doesNotContain(new ChannelName("c" + SentResets.MAX));
    }
}
