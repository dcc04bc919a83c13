package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LockedChannelsTest {
    private static final ChannelName A = new ChannelName("a");
    private static final ChannelName B = new ChannelName("b");
    /** Near the overflow of a long, as a ticker may be. */
    private static final long NOW = Long.MAX_VALUE - 10;

    private final LockedChannels locked = new LockedChannels();
    private long arrivals;

    private PendingSend send(String... channels) {
        PendingSend send = new PendingSend(
                Stream.of(channels)
                        .map(channel -> NewEvent.text(channel, "message", "x"))
                        .toList(),
                NOW);
        send.arriveAs(++arrivals);
        return send;
    }

    private long pause(long now) {
        return Duration.ofNanos(locked.next(now).orElseThrow().at() - now).toMillis();
    }

    @Test
    void the_pause_doubles_with_each_failure_up_to_100_ms() {
        locked.failed(A, NOW);
        locked.add(send("a"), A);
        List<Long> pauses = Stream.iterate(pause(NOW), before -> {
                    locked.failed(A, NOW);
                    return pause(NOW);
                })
                .limit(7)
                .toList();
        assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 100L, 100L, 100L);
    }

    @Test
    void the_channel_that_is_due_first_is_next_and_a_channel_without_sends_never_is() {
        locked.failed(A, NOW);
        locked.failed(B, NOW + 5);
        assertThat(locked.next(NOW)).isEmpty();
        locked.add(send("b"), B);
        assertThat(locked.next(NOW).orElseThrow().channel()).isEqualTo(B);
        locked.add(send("a"), A);
        assertThat(locked.next(NOW).orElseThrow().channel()).isEqualTo(A);
        assertThat(locked.probe(A).of()).isEqualTo(2);
    }

    @Test
    void sends_wait_in_order_of_arrival_in_whatever_order_they_are_added() {
        PendingSend first = send("a");
        PendingSend second = send("a", "b");
        PendingSend third = send("a");
        locked.failed(A, NOW);
        List.of(third, first, second).forEach(send -> locked.add(send, A));
        assertThat(locked.sendsTo(A)).containsExactly(first, second, third);
        assertThat(locked.probe(A).isAlone()).isFalse();
        assertThat(locked.waiting()).isEqualTo(3);

        assertThat(locked.remove(second)).isTrue();
        assertThat(locked.remove(second)).isFalse();
        assertThat(locked.probe(A).isAlone()).isTrue();
        assertThat(locked.waiting()).isEqualTo(2);
        assertThat(locked.sends()).containsExactly(first, third);
    }

    @Test
    void a_send_knows_the_channel_that_it_waits_for() {
        PendingSend both = send("a", "b");
        assertThat(locked.lockedOf(both)).isEmpty();
        locked.failed(B, NOW);
        assertThat(locked.lockedOf(both)).contains(B);
        assertThat(locked.channelOf(both)).isEmpty();
        locked.add(both, B);
        assertThat(locked.channelOf(both)).contains(B);
        assertThat(locked.lockedOf(send("a"))).isEmpty();
    }

    @Test
    void a_released_channel_returns_its_sends_and_is_forgotten() {
        PendingSend first = send("a");
        PendingSend second = send("b");
        locked.failed(A, NOW);
        locked.failed(B, NOW);
        locked.add(second, B);
        locked.add(first, A);
        assertThat(locked.release(Set.of(A, new ChannelName("c")))).containsExactly(first);
        assertThat(locked.lockedOf(first)).isEmpty();
        assertThat(locked.waiting()).isEqualTo(1);
        assertThat(locked.isEmpty()).isFalse();
        assertThat(locked.release(Set.of(A, B))).containsExactly(second);
        assertThat(locked.isEmpty()).isTrue();
        assertThat(locked.sendsTo(A)).isEmpty();
    }

    @Test
    void a_channel_that_no_send_waits_for_is_remembered_for_a_minute() {
        locked.failed(A, NOW);
        locked.failed(B, NOW);
        locked.add(send("b"), B);
        long minute = LockedChannels.MEMORY.toNanos();
        locked.failed(new ChannelName("c"), NOW + minute);
        assertThat(locked.lockedOf(send("a"))).contains(A);
        locked.failed(new ChannelName("d"), NOW + minute + 1);
        assertThat(locked.lockedOf(send("a"))).isEmpty();
        assertThat(locked.lockedOf(send("b"))).as("a send waits for it").contains(B);
    }

    @Test
    void no_more_than_a_thousand_channels_that_no_send_waits_for_are_remembered() {
        locked.failed(B, NOW);
        locked.add(send("b"), B);
        IntStream.range(0, LockedChannels.MAX_REMEMBERED - 1)
                .forEach(i -> locked.failed(new ChannelName("x" + i), NOW));
        assertThat(locked.lockedOf(send("x0"))).isPresent();
        locked.failed(A, NOW);
        assertThat(IntStream.range(0, LockedChannels.MAX_REMEMBERED - 1)
                        .filter(i -> locked.lockedOf(send("x" + i)).isPresent()))
                .hasSizeLessThan(LockedChannels.MAX_REMEMBERED - 1);
        assertThat(locked.lockedOf(send("b"))).contains(B);
    }
}
