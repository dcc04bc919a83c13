package dev.eventstream.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TailsTest {
    private static final long LONG = Duration.ofHours(1).toNanos();

    private final SettableTicker ticker = new SettableTicker();
    private final Tails tails = new Tails(ticker);

    @Test
    void nothing_is_due_before_a_channel_is_quiet() {
        assertThat(tails.dueWithin(LONG)).isEqualTo(LONG);
        tails.add(item("a", 1, 10));
        assertThat(tails.dueWithin(LONG)).isEqualTo(Tails.QUIET.toNanos());
        assertThat(tails.dueWithin(5)).isEqualTo(5);
        ticker.advance(Tails.QUIET.minusNanos(1));
        assertThat(tails.dueWithin(LONG)).isEqualTo(1);
        assertThat(tails.take().repeated()).isEmpty();
        ticker.advance(Duration.ofNanos(1));
        assertThat(tails.dueWithin(LONG)).isZero();
        assertThat(tails.take().repeated()).extracting(ProxyItem::id).containsExactly("e-1");
        assertThat(tails.dueWithin(LONG)).isEqualTo(LONG);
    }

    @Test
    void an_event_postpones_the_repetition_of_its_own_channel_only() {
        tails.add(item("a", 1, 10));
        tails.add(item("b", 1, 10));
        ticker.advance(Duration.ofMillis(1_500));
        tails.add(item("a", 2, 10));
        ticker.advance(Duration.ofMillis(500));
        assertThat(tails.take().repeated()).extracting(ProxyItem::source).containsExactly(new ChannelName("b"));
        ticker.advance(Duration.ofMillis(1_500));
        assertThat(tails.take().repeated()).extracting(ProxyItem::id).containsExactly("e-1", "e-2");
    }

    @Test
    void events_that_were_followed_by_another_after_more_than_two_seconds_are_not_repeated() {
        tails.add(item("a", 1, 10));
        ticker.advance(Tails.QUIET);
        tails.add(item("a", 2, 10));
        ticker.advance(Duration.ofNanos(1));
        tails.add(item("a", 3, 10));
        ticker.advance(Tails.QUIET);
        assertThat(tails.take().repeated()).extracting(ProxyItem::id).containsExactly("e-2", "e-3");
    }

    @Test
    void a_channel_is_repeated_up_to_99_items_and_hinted_beyond() {
        IntStream.range(0, 99).forEach(i -> tails.add(item("few", i, 10)));
        IntStream.range(0, 250).forEach(i -> tails.add(item("many", i, 10)));
        ticker.advance(Tails.QUIET);
        Tails.Due due = tails.take();
        assertThat(due.repeated())
                .hasSize(99)
                .allMatch(item -> item.source().value().equals("few"));
        assertThat(due.hinted()).extracting(ProxyItem::source).containsExactly(new ChannelName("many"));
    }

    @Test
    void many_bytes_are_also_a_burst_unless_they_are_one_item() {
        tails.add(item("one", 1, 900_000));
        tails.add(item("edge", 1, 100_000));
        tails.add(item("edge", 2, 50_000));
        tails.add(item("two", 1, 100_000));
        tails.add(item("two", 2, 50_001));
        ticker.advance(Tails.QUIET);
        Tails.Due due = tails.take();
        assertThat(due.repeated()).extracting(item -> item.source().value()).containsExactly("one", "edge", "edge");
        assertThat(due.hinted()).extracting(item -> item.source().value()).containsExactly("two");
    }

    @Test
    void a_burst_is_kept_without_its_content() {
        IntStream.range(0, 1_000).forEach(i -> tails.add(item("a", i, 140_000)));
        tails.add(item("b", 1, 900_000));
        assertThat(tails.forgotten()).isZero();
    }

    @Test
    void at_most_a_hundred_items_are_taken_in_a_tenth_of_a_second() {
        IntStream.range(0, 250).forEach(i -> tails.add(item("c" + i, 1, 10)));
        ticker.advance(Tails.QUIET);
        assertThat(tails.take().repeated()).hasSize(100);
        assertThat(tails.take().repeated()).isEmpty();
        assertThat(tails.dueWithin(LONG)).isEqualTo(Tails.INTERVAL.toNanos());
        ticker.advance(Tails.INTERVAL);
        assertThat(tails.take().repeated()).hasSize(100);
        ticker.advance(Tails.INTERVAL);
        assertThat(tails.take().repeated()).hasSize(50);
    }

    @Test
    void beyond_the_limits_the_longest_quiet_channel_is_forgotten_and_counted() {
        tails.add(item("first", 1, 10));
        IntStream.range(0, Tails.MAX_CHANNELS).forEach(i -> tails.add(item("c" + i, 1, 10)));
        assertThat(tails.forgotten()).isOne();
        ticker.advance(Tails.QUIET);
        assertThat(tails.take().repeated().get(0).source().value()).isEqualTo("c0");

        Tails large = new Tails(ticker);
        IntStream.range(0, 9).forEach(i -> large.add(item("c" + i, 1, 1 << 20)));
        assertThat(large.forgotten()).isOne();
        ticker.advance(Tails.QUIET);
        assertThat(large.take().repeated()).hasSize(8);
    }

    @Test
    void items_that_are_taken_free_their_bytes() {
        for (int i = 0; i < 20; i++) {
            tails.add(item("c" + i, 1, 1 << 20));
            ticker.advance(Tails.QUIET);
            assertThat(tails.take().repeated()).hasSize(1);
        }
        assertThat(tails.forgotten()).isZero();
    }

    @Test
    void an_item_that_a_proxy_may_have_forgotten_is_not_repeated() {
        tails.add(item("a", 1, 10));
        ticker.advance(Tails.TOO_OLD);
        assertThat(tails.take().repeated()).isEmpty();
        assertThat(tails.dueWithin(LONG)).isEqualTo(LONG);
    }

    private static ProxyItem item(String channel, int number, int bytes) {
        return new ProxyItem(
                ProxyItem.Kind.STORED, new ChannelName(channel), "events-" + channel, "e-" + number, new byte[bytes]);
    }
}
