package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LookRoundTest {
    private final LookRound round = new LookRound(1_000);

    private static List<ChannelName> channels(int count) {
        return IntStream.range(0, count).mapToObj(i -> new ChannelName("c" + i)).toList();
    }

    @Test
    void every_channel_comes_once_in_a_round_at_an_even_pace() {
        List<ChannelName> all = channels(1_000);
        List<ChannelName> seen = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            List<ChannelName> next = round.next(all, 10, 100);
            assertThat(next).hasSize(100);
            seen.addAll(next);
        }
        assertThat(seen).containsExactlyElementsOf(all);
        assertThat(round.next(all, 10, 100)).isEqualTo(all.subList(0, 100));
    }

    @Test
    void a_short_pause_still_brings_the_minimum_and_a_long_one_no_more_than_all() {
        List<ChannelName> all = channels(50);
        assertThat(round.next(all, 20, 1)).hasSize(20);
        assertThat(round.next(all, 20, 1)).hasSize(20);
        assertThat(round.next(all, 20, 1)).hasSize(10);
        assertThat(round.next(all, 20, 1_000_000)).isEqualTo(all);
        assertThat(round.next(List.of(), 20, 1)).isEmpty();
    }

    @Test
    void a_channel_that_is_new_waits_for_the_next_round() {
        round.next(channels(30), 20, 1);
        assertThat(round.next(channels(31), 20, 1)).hasSize(10);
        assertThat(new HashSet<>(round.next(channels(31), 31, 1))).hasSize(31);
    }
}
