package dev.eventstream.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.bus.BusMessage.AccessChanged;
import dev.eventstream.bus.BusMessage.Dropped;
import dev.eventstream.bus.BusMessage.Moved;
import dev.eventstream.bus.BusMessage.Present;
import dev.eventstream.bus.BusMessage.Unstored;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutgoingTest {
    private static final ChannelName ORDERS = new ChannelName("orders");

    private final Outgoing outgoing = new Outgoing();

    private static Event stored(String channel, long sequence) {
        return event(channel, new EventId("e", sequence), "data");
    }

    private static Event unstored(String data) {
        return event("prices", EventId.NONE, data);
    }

    private static Event event(String channel, EventId id, String data) {
        return new Event(new ChannelName(channel), id, new EventType("message"), data, Set.of());
    }

    private static AccessChanged permission(int number) {
        return new AccessChanged(new AccessChange.OfUser("user-" + number, ORDERS));
    }

    private List<BusMessage> take() throws InterruptedException {
        return outgoing.take(Duration.ZERO);
    }

    @Test
    void too_many_reports_of_presence_push_out_the_oldest() throws Exception {
        int size = Outgoing.MAX_REPORT_BYTES / 2;
        for (byte i = 0; i < 3; i++) {
            outgoing.add(new Present(7, ByteBuffer.wrap(new byte[size]).put(0, i)));
        }
        List<BusMessage> taken = take();
        assertThat(taken)
                .hasSize(2)
                .first()
                .satisfies(
                        oldest -> assertThat(((Present) oldest).report().get(0)).isEqualTo((byte) 1));
        outgoing.putBack(taken);
        assertThat(take()).isEmpty();
    }

    @Test
    void the_newest_position_of_a_channel_is_announced_once_even_if_it_is_added_first() throws Exception {
        outgoing.add(List.of(stored("orders", 2), stored("orders", 3), stored("other", 9)));
        outgoing.add(List.of(stored("orders", 1)));
        assertThat(take())
                .containsExactly(
                        new Moved(Map.of(ORDERS, new EventId("e", 3), new ChannelName("other"), new EventId("e", 9))));
        assertThat(take()).isEmpty();
    }

    @Test
    void a_position_in_a_new_log_of_the_channel_replaces_the_old_one() throws Exception {
        outgoing.add(List.of(stored("orders", 7), event("orders", new EventId("f", 1), "")));
        assertThat(take()).containsExactly(new Moved(Map.of(ORDERS, new EventId("f", 1))));
    }

    @Test
    void changed_permissions_come_first_and_unstored_events_stay_in_permission() throws Exception {
        outgoing.add(List.of(unstored("1"), stored("orders", 1), unstored("2")));
        outgoing.add(permission(1));
        assertThat(take())
                .containsExactly(
                        permission(1),
                        new Unstored(unstored("1")),
                        new Unstored(unstored("2")),
                        new Moved(Map.of(ORDERS, new EventId("e", 1))));
    }

    @Test
    void take_waits_until_there_is_something_to_take() {
        CompletableFuture<List<BusMessage>> taken = CompletableFuture.supplyAsync(() -> {
            try {
                return outgoing.take(Duration.ofSeconds(20));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        outgoing.add(permission(1));
        assertThat(taken).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(List.of(permission(1)));
    }

    @Test
    void too_many_unstored_events_are_dropped_and_the_other_nodes_are_notified() throws Exception {
        String large = "x".repeat(Outgoing.MAX_CHARACTERS / 4);
        IntStream.range(0, 4).forEach(i -> outgoing.add(List.of(unstored(large))));
        outgoing.add(List.of(unstored("later")));
        assertThat(take()).containsExactly(new Dropped(), new Unstored(unstored("later")));
        assertThat(take()).isEmpty();
    }

    @Test
    void beyond_the_limits_channels_are_left_to_the_poll_and_the_oldest_permission_is_dropped() throws Exception {
        for (int i = 0; i <= Outgoing.MAX_CHANNELS; i++) {
            outgoing.add(List.of(stored("channel-" + i, 1)));
        }
        for (int i = 0; i <= Outgoing.MAX_CHANGES; i++) {
            outgoing.add(permission(i));
        }
        List<BusMessage> taken = take();
        assertThat(taken).hasSize(Outgoing.MAX_CHANGES + 1).startsWith(permission(1));
        assertThat(((Moved) taken.get(taken.size() - 1)).newest()).hasSize(Outgoing.MAX_CHANNELS);
    }

    @Test
    void unpublished_permissions_come_back_in_order_but_unstored_events_are_lost() throws Exception {
        outgoing.add(permission(3));
        outgoing.putBack(List.of(permission(1), permission(2), new Unstored(unstored("1")), new Moved(Map.of())));
        assertThat(take()).containsExactly(permission(1), permission(2), permission(3), new Dropped());
    }
}
