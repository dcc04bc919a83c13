package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.presence.Message.Alive;
import dev.eventstream.presence.Message.Changes;
import dev.eventstream.presence.Message.Gone;
import dev.eventstream.presence.Message.Whole;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OtherNodesTest {
    private static final ChannelName ROOM = new ChannelName("room");
    private static final Attendee ANN = new Attendee(ROOM, "ann");

    private final SettableTicker ticker = new SettableTicker();
    private final PresentReaders readers = new PresentReaders(false);
    private final OtherNodes others = new OtherNodes(readers, ticker);

    private int streams() {
        return readers.of(ROOM, true).streams();
    }

    @Test
    void a_report_that_is_repeated_or_late_changes_nothing() {
        others.heard(1, new Whole(3, Map.of(ANN, 1)));
        others.heard(1, new Changes(3, Map.of(ANN, 5)));
        others.heard(1, new Changes(3, Map.of(ANN, 2)));
        others.heard(1, new Whole(3, Map.of(ANN, 1)));
        others.heard(1, new Alive(2, false));
        assertThat(streams()).isEqualTo(5);
        assertThat(others.isComplete()).isTrue();
    }

    @Test
    void a_node_that_lacks_a_report_asks_again_every_few_seconds_until_it_has_everything() {
        others.heard(1, new Changes(3, Map.of(ANN, 5)));
        assertThat(streams()).isZero();
        assertThat(others.toAsk()).containsExactly(1L);
        assertThat(others.toAsk()).isEmpty();
        ticker.advance(OtherNodes.ASK_AGAIN);
        assertThat(others.toAsk()).containsExactly(1L);
        others.heard(1, new Whole(4, Map.of(ANN, 5)));
        ticker.advance(OtherNodes.ASK_AGAIN);
        assertThat(others.toAsk()).isEmpty();
        assertThat(streams()).isEqualTo(5);
    }

    @Test
    void the_sender_is_the_node_with_the_lowest_id_that_may_send() {
        others.heard(5, new Alive(0, true));
        ticker.advance(OtherNodes.ASK_AGAIN);
        others.heard(3, new Alive(0, false));
        assertThat(others.senderHeardAt(4)).isEmpty();
        assertThat(others.senderHeardAt(6)).contains(ticker.read() - OtherNodes.ASK_AGAIN.toNanos());
        others.heard(3, new Alive(0, true));
        assertThat(others.senderHeardAt(6)).contains(ticker.read());
        others.heard(3, new Gone());
        assertThat(others.senderHeardAt(4)).isEmpty();
        ticker.advance(OtherNodes.LEASE.plus(Duration.ofMillis(1)));
        others.forgetSilent();
        assertThat(others.isEmpty()).isTrue();
    }

    @Test
    void a_node_that_reports_more_readers_than_fit_is_incomplete() {
        Map<Attendee, Integer> many = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            many.put(new Attendee(ROOM, "a-user-with-number-" + i), 1);
        }
        others.heard(1, new Whole(1, many));
        assertThat(streams()).isBetween(80_000, 120_000);
        assertThat(others.isComplete()).isFalse();
        others.heard(1, new Whole(2, Map.of(ANN, 1)));
        assertThat(streams()).isEqualTo(1);
        assertThat(others.isComplete()).isTrue();
    }

    @Test
    void more_than_a_thousand_nodes_are_ignored() {
        for (int i = 0; i < 1_001; i++) {
            others.heard(i, new Whole(1, Map.of(ANN, 1)));
        }
        assertThat(streams()).isEqualTo(1_000);
    }
}
