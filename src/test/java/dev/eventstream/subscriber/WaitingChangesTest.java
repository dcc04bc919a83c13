package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import org.junit.jupiter.api.Test;

class WaitingChangesTest {
    private final WaitingChanges waiting = new WaitingChanges();

    private static AccessChange change(int number) {
        return new AccessChange.OfUser("user " + number, new ChannelName("a"));
    }

    @Test
    void only_the_first_change_has_the_shard_told_and_equal_changes_wait_once() {
        assertThat(waiting.add(change(1))).isTrue();
        assertThat(waiting.add(change(2))).isFalse();
        assertThat(waiting.add(change(1))).isFalse();

        assertThat(waiting.take().changes()).containsExactly(change(1), change(2));
        assertThat(waiting.take().changes()).isEmpty();
        assertThat(waiting.add(change(1))).isTrue();
    }

    @Test
    void beyond_the_limit_it_is_unknown_what_changed_until_everything_is_taken() {
        for (int i = 0; i < WaitingChanges.MAX; i++) {
            waiting.add(change(i));
        }
        waiting.add(change(0));
        assertThat(waiting.take().areTooMany()).isFalse();
        for (int i = 0; i <= WaitingChanges.MAX; i++) {
            waiting.add(change(i));
        }
        assertThat(waiting.take().areTooMany()).isTrue();
        assertThat(waiting.take().areTooMany()).isFalse();
    }
}
