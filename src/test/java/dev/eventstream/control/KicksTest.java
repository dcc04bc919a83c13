package dev.eventstream.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KicksTest {
    private final ItemEncoder encoder = new ItemEncoder(new UniqueIds("n1"), false);
    private final Kicks kicks = new Kicks();

    @Test
    void kicks_are_taken_by_due_time_and_equal_ones_in_order() {
        kicks.add(kick("late"), 20);
        kicks.add(kick("first"), 10);
        kicks.add(kick("second"), 10);

        assertThat(channel()).isEqualTo("first");
        assertThat(channel()).isEqualTo("second");
        assertThat(channel()).isEqualTo("late");
    }

    @Test
    void a_kick_is_due_at_its_time_and_not_before() {
        assertThat(kicks.isDue(Long.MAX_VALUE / 2)).isFalse();
        assertThat(kicks.dueIn(0)).isEqualTo(TimeUnit.DAYS.toNanos(1));
        kicks.add(kick("a"), 10);

        assertThat(kicks.isDue(9)).isFalse();
        assertThat(kicks.dueIn(4)).isEqualTo(6);
        assertThat(kicks.isDue(10)).isTrue();
    }

    @Test
    void making_all_kicks_due_does_not_outlast_the_kicks() {
        kicks.add(kick("a"), TimeUnit.HOURS.toNanos(1));
        kicks.makeAllDue();

        assertThat(kicks.isDue(0)).isTrue();
        kicks.take();
        assertThat(kicks.isDue(0)).isFalse();
    }

    @Test
    void a_kick_beyond_the_limit_is_refused() {
        for (int i = 0; i < Kicks.MAX; i++) {
            assertThat(kicks.add(kick("a"), i)).isTrue();
        }

        assertThat(kicks.add(kick("a"), 0)).isFalse();
        kicks.take();
        assertThat(kicks.add(kick("a"), 0)).isTrue();
    }

    private List<ProxyItem> kick(String channel) {
        return encoder.kick("bob", new ChannelName(channel), new byte[0]);
    }

    private String channel() {
        return kicks.take().get(0).source().value();
    }
}
