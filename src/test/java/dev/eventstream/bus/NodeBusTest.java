package dev.eventstream.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.Logged;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeBusTest {
    private static final ChannelName ORDERS = new ChannelName("orders");
    private static final ChannelName PRICES = new ChannelName("prices");

    private final MemoryBus bus = new MemoryBus();
    private final SettableTicker ticker = new SettableTicker();
    private final MetricRegistry metrics = new MetricRegistry();
    private final Heard heard = new Heard();
    private final NodeBus sender = node(1, new Heard());
    private final NodeBus receiver = node(2, heard);

    private static final class Heard implements BusListener {
        private final List<String> lines = new ArrayList<>();
        private @Nullable Error error;

        @Override
        public void moved(Map<ChannelName, EventId> newest) {
            lines.add("moved " + newest);
        }

        @Override
        public void unstored(Event event) {
            lines.add("unstored " + event.data());
        }

        @Override
        public void interrupted() {
            lines.add("interrupted");
        }

        @Override
        public void unstoredDropped() {
            lines.add("unstored dropped");
        }

        @Override
        public void accessChanged(AccessChange change) {
            if (error != null) {
                throw error;
            }
            lines.add(
                    change instanceof AccessChange.OfUser ofUser
                            ? "permission of " + ofUser.user() + " for " + ofUser.channel()
                            : change.toString());
        }
    }

    private static NodeInfo info(long id) {
        return new NodeInfo(id, "web-" + id, "1", Instant.EPOCH, 3, Duration.ZERO, Map.of());
    }

    private NodeBus node(long id, BusListener listener) {
        return new NodeBus(
                bus, listener, () -> info(id), ticker, Duration.ofMillis(10), id == 2 ? metrics : new MetricRegistry());
    }

    private static Event event(ChannelName channel, EventId id, String data) {
        return new Event(channel, id, new EventType("message"), data, Set.of());
    }

    /** The receiver connects, and gets the messages that the sender publishes in one round. */
    private void pass() {
        sender.sendRound();
        receiver.receiveRound();
    }

    private void announce(List<Event> events) {
        assertThat(sender.announce(events)).isCompleted();
    }

    private void connect() {
        receiver.sendRound();
        receiver.receiveRound();
        assertThat(heard.lines).containsExactly("interrupted");
        heard.lines.clear();
    }

    @Test
    void messages_of_one_node_reach_the_other() {
        connect();
        announce(List.of(event(ORDERS, new EventId("e", 4), "stored"), event(PRICES, EventId.NONE, "live")));
        sender.accessChanged(new AccessChange.OfUser("anna", ORDERS));
        pass();
        assertThat(heard.lines)
                .containsExactly("permission of anna for orders", "unstored live", "moved {" + ORDERS + "=e-4}");
    }

    @Test
    void nodes_announce_themselves_every_few_seconds() {
        connect();
        pass();
        assertThat(receiver.nodes()).extracting(NodeInfo::name).containsExactly("web-1");
        receiver.sendRound();
        ticker.advance(Nodes.ANNOUNCE_EVERY);
        receiver.sendRound();
        receiver.receiveRound();
        assertThat(receiver.nodes()).extracting(NodeInfo::name).containsExactly("web-1", "web-2");
        assertThat(receiver.trouble()).isEmpty();
    }

    @Test
    void a_node_whose_own_messages_do_not_come_back_reports_it() {
        ticker.advance(Nodes.SILENCE);
        assertThat(sender.trouble()).isEmpty();
        ticker.advance(Duration.ofMillis(1));
        assertThat(sender.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("has not received its own messages"));
    }

    @Test
    void a_node_that_could_not_receive_from_its_start_on_knows_that_it_may_have_missed_messages() {
        bus.setBroken(true);
        receiver.receiveRound();
        bus.setBroken(false);
        sender.accessChanged(new AccessChange.OfUser("anna", ORDERS));
        pass();
        assertThat(heard.lines).containsExactly("interrupted");
    }

    @Test
    void while_the_bus_is_broken_changed_permissions_wait_and_unstored_events_are_reported_as_missing() {
        connect();
        pass();
        heard.lines.clear();
        bus.setBroken(true);
        try (Logged log = new Logged()) {
            sender.accessChanged(new AccessChange.OfUser("anna", ORDERS));
            announce(List.of(event(PRICES, EventId.NONE, "lost")));
            sender.sendRound();
            receiver.receiveRound();
            sender.sendRound();
            assertThat(sender.trouble())
                    .hasValueSatisfying(trouble ->
                            assertThat(trouble).contains("unable to publish on the bus for 0 s: the bus is broken"));
            assertThat(receiver.trouble())
                    .hasValueSatisfying(trouble ->
                            assertThat(trouble).contains("unable to receive from the bus for 0 s: the bus is broken"));
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN"))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("WARN This node cannot ")
                            .contains("keeps trying; until it can"));
        }
        bus.setBroken(false);
        receiver.receiveRound();
        assertThat(heard.lines).containsExactly("interrupted");
        pass();
        assertThat(heard.lines).containsExactly("interrupted", "permission of anna for orders", "unstored dropped");
    }

    @Test
    void a_receiver_that_does_not_get_its_own_nodes_messages_is_replaced() {
        connect();
        receiver.receiveRound();
        assertThat(receiver.trouble()).isEmpty();
        ticker.advance(Nodes.SILENCE.plusMillis(1));
        receiver.receiveRound();
        assertThat(heard.lines).isEmpty();
        receiver.receiveRound();
        assertThat(heard.lines).containsExactly("interrupted");
    }

    @Test
    void after_an_error_while_passing_on_messages_a_node_knows_that_it_may_have_missed_some() {
        connect();
        heard.error = new OutOfMemoryError("test");
        sender.accessChanged(new AccessChange.OfUser("anna", ORDERS));
        sender.sendRound();
        assertThatThrownBy(receiver::receiveRound).isSameAs(heard.error);
        heard.error = null;
        receiver.receiveRound();
        receiver.receiveRound();
        assertThat(heard.lines).containsExactly("interrupted");
    }

    @Test
    void unreadable_messages_are_counted_and_logged_once() throws Exception {
        connect();
        try (Logged log = new Logged();
                Bus.Publisher publisher = bus.openPublisher()) {
            publisher.publish(new byte[] {77, 1, 2});
            publisher.publish("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            receiver.receiveRound();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN This node ignores a message on the bus that it cannot read: ");
        }
        assertThat(metrics.meter("eventstream.bus.unreadable").getCount()).isEqualTo(2);
        sender.accessChanged(new AccessChange.OfUser("anna", ORDERS));
        pass();
        assertThat(heard.lines).containsExactly("permission of anna for orders");
    }

    @Test
    void a_node_that_stops_publishes_its_remaining_messages() {
        connect();
        sender.accessChanged(new AccessChange.OfUser("anna", ORDERS));
        sender.stop();
        sender.close();
        receiver.receiveRound();
        assertThat(heard.lines).containsExactly("permission of anna for orders");
    }

    @Test
    void a_stopped_node_does_not_wait_before_its_next_attempt() {
        bus.setBroken(true);
        sender.stop();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            for (int i = 0; i < 20; i++) {
                sender.accessChanged(new AccessChange.OfUser("anna", ORDERS));
                sender.sendRound();
            }
            return true;
        });
        sender.close();
    }
}
