package dev.eventstream.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodesTest {
    private final SettableTicker ticker = new SettableTicker();
    private final Nodes nodes = new Nodes(node(1, 0), ticker);

    private static NodeInfo node(long id, int streams) {
        return node(id, streams, Map.of("eventStream.unstored", "01"));
    }

    private static NodeInfo node(long id, int streams, Map<String, String> settings) {
        return new NodeInfo(id, "web-" + id + "/4711", "1.2.3", Instant.EPOCH, streams, Duration.ZERO, settings);
    }

    @Test
    void a_node_joins_reports_its_streams_and_leaves_after_a_period_of_silence() {
        try (Logged log = new Logged()) {
            nodes.heard(node(1, 0), ticker.read());
            nodes.heard(node(2, 5), ticker.read());
            nodes.heard(node(2, 6), ticker.read());
            assertThat(nodes.all()).containsExactly(node(1, 0), node(2, 6));
            ticker.advance(Nodes.SILENCE);
            nodes.heard(node(1, 0), ticker.read());
            nodes.forgetSilent();
            assertThat(nodes.all()).hasSize(2);
            ticker.advance(Duration.ofMillis(1));
            nodes.forgetSilent();
            assertThat(nodes.all()).containsExactly(node(1, 0));
            assertThat(log.lines())
                    .containsExactly(
                            "INFO Node web-2/4711 (00000000), version 1.2.3, has joined; nodes on the bus: 2",
                            "INFO Node web-2/4711 (00000000) has left; nodes on the bus: 1");
        }
    }

    @Test
    void a_node_knows_whether_its_own_announcements_come_back() {
        assertThat(nodes.nanosSinceOwn()).isEqualTo(Long.MAX_VALUE);
        nodes.heard(node(1, 0), ticker.read());
        assertThat(nodes.nanosSinceOwn()).isZero();
        ticker.advance(Nodes.SILENCE.plusMillis(1));
        assertThat(nodes.nanosSinceOwn()).isEqualTo(Nodes.SILENCE.plusMillis(1).toNanos());
        nodes.forgetSilent();
        assertThat(nodes.nanosSinceOwn()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void the_lag_is_the_time_that_the_last_announcement_took_to_come_back() {
        long sent = ticker.read();
        ticker.advance(Duration.ofMillis(3));
        nodes.heard(node(2, 0), sent);
        assertThat(nodes.lag()).isZero();
        nodes.heard(node(1, 0), sent);
        assertThat(nodes.lag()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void a_node_with_other_settings_is_logged_once() {
        try (Logged log = new Logged()) {
            NodeInfo other = node(2, 0, Map.of("eventStream.unstored", "02", "eventStream.new", "01"));
            nodes.heard(other, ticker.read());
            nodes.heard(other, ticker.read());
            assertThat(log.lines())
                    .containsExactly(
                            "INFO Node web-2/4711 (00000000), version 1.2.3, has joined; nodes on the bus: 1",
                            "WARN Node web-2/4711 (00000000) and this node have different values of eventStream.new,"
                                    + " eventStream.unstored; give all nodes the same, unless you are changing them node"
                                    + " by node (docs/CLUSTER.md describes the effects)");
        }
    }

    @Test
    void only_a_limited_number_of_nodes_is_remembered() {
        for (int i = 0; i < 2_000; i++) {
            nodes.heard(node(i, 0), ticker.read());
        }
        assertThat(nodes.all()).hasSize(1_000);
    }
}
