package dev.eventstream.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.bus.testing.BusContract;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.network.FaultProxy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of a bus that has a server, and two nodes on it whose connections are cut, stalled and delayed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServerBusContract extends BusContract {
    private static final ChannelName ORDERS = new ChannelName("orders");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @RegisterExtension
    private final BusServer server;

    private FaultProxy proxy;
    private RunningNode sender;
    private RunningNode receiver;
    private int sent;

    protected ServerBusContract(BusServer server) {
        this.server = server;
    }

    /** A bus whose connections go to the address, which is that of the server or of a proxy in front of it. */
    protected abstract Bus busAt(String address);

    /** The address of the server. */
    protected final String address() {
        return server.address(server.port());
    }

    @Override
    protected final Bus bus() {
        return busAt(address());
    }

    /** A node whose two loops run on two threads. */
    private static final class RunningNode implements BusListener {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final AtomicInteger interruptions = new AtomicInteger();
        private final NodeBus bus;
        private final List<Thread> loops;
        private volatile boolean closed;

        RunningNode(long id, Bus engine) {
            NodeInfo self = new NodeInfo(id, "node-" + id, "1", Instant.EPOCH, 0, Duration.ZERO, Map.of());
            this.bus = new NodeBus(engine, this, () -> self, Ticker.systemTicker(), new MetricRegistry());
            this.loops = List.of(loop("send", bus::sendRound), loop("receive", bus::receiveRound));
        }

        private Thread loop(String name, Runnable round) {
            Thread thread = new Thread(
                    () -> {
                        while (!closed) {
                            round.run();
                        }
                    },
                    "test-bus-" + name);
            thread.start();
            return thread;
        }

        @Override
        public void moved(Map<ChannelName, EventId> newest) {
            heard.add("moved to " + newest.get(ORDERS));
        }

        @Override
        public void unstored(Event event) {
            heard.add("unstored " + event.data());
        }

        @Override
        public void interrupted() {
            interruptions.incrementAndGet();
        }

        @Override
        public void unstoredDropped() {
            heard.add("unstored dropped");
        }

        @Override
        public void accessChanged(AccessChange change) {
            heard.add(
                    change instanceof AccessChange.OfUser ofUser
                            ? "permission of " + ofUser.user()
                            : change.toString());
        }

        void close() throws InterruptedException {
            closed = true;
            bus.stop();
            for (Thread loop : loops) {
                loop.join(30_000);
                assertThat(loop.isAlive()).as("%s is alive", loop.getName()).isFalse();
            }
            bus.close();
        }
    }

    @BeforeEach
    void startNodes() throws IOException {
        proxy = new FaultProxy("bus", server.port());
        sender = new RunningNode(1, busAt(server.address(proxy.port())));
        receiver = new RunningNode(2, busAt(server.address(proxy.port())));
        await().atMost(PATIENCE).until(this::bothKnowBoth);
    }

    private boolean bothKnowBoth() {
        return sender.bus.nodes().size() == 2
                && receiver.bus.nodes().size() == 2
                && sender.bus.trouble().isEmpty()
                && receiver.bus.trouble().isEmpty();
    }

    @AfterEach
    void stopNodes() throws Exception {
        sender.close();
        receiver.close();
        proxy.close();
    }

    private static Event event(EventId id, String data) {
        return new Event(ORDERS, id, new EventType("message"), data, Set.of());
    }

    private void announce(Event... events) {
        assertThat(sender.bus.announce(List.of(events))).isCompleted();
    }

    private void assertPermissionArrives() {
        String user = "user-" + sent++;
        sender.bus.accessChanged(new AccessChange.OfUser(user, ORDERS));
        await().atMost(PATIENCE).until(() -> receiver.heard.contains("permission of " + user));
    }

    /** The changed permission arrives, or the receiver was not connected yet and knows that it may have missed some. */
    private void assertPermissionArrivesOrIsKnownToBeMissing() {
        int before = receiver.interruptions.get();
        String user = "user-" + sent++;
        sender.bus.accessChanged(new AccessChange.OfUser(user, ORDERS));
        await().atMost(PATIENCE)
                .until(() -> receiver.heard.contains("permission of " + user) || receiver.interruptions.get() > before);
        await().atMost(PATIENCE).until(this::bothKnowBoth);
        assertPermissionArrives();
    }

    private void assertUnstoredArrives() {
        // the node may not have noticed yet that the connection is broken, so several may be needed
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            String data = "tick " + sent++;
            announce(event(EventId.NONE, data));
            return receiver.heard.stream().anyMatch(line -> line.startsWith("unstored tick"));
        });
    }

    @Test
    void positions_unstored_events_and_orders_reach_the_other_node() {
        announce(event(new EventId("e", 4), "x"), event(EventId.NONE, "y".repeat(100_000)));
        sender.bus.accessChanged(new AccessChange.OfUser("anna", ORDERS));
        await().atMost(PATIENCE)
                .until(() -> receiver.heard.containsAll(
                        List.of("moved to e-4", "unstored " + "y".repeat(100_000), "permission of anna")));
        assertThat(receiver.interruptions).as("including the first connection").hasValue(1);
    }

    @Test
    void after_its_connections_are_cut_a_node_receives_again_and_knows_whether_it_may_have_missed_messages() {
        proxy.cut();
        assertPermissionArrivesOrIsKnownToBeMissing();
        receiver.heard.clear();
        assertUnstoredArrives();
        await().atMost(PATIENCE).until(this::bothKnowBoth);
    }

    @Test
    void delayed_connections_only_delay_messages() {
        proxy.delay(30);
        assertPermissionArrives();
        assertUnstoredArrives();
        assertThat(receiver.bus.trouble()).isEmpty();
    }

    @Test
    void messages_held_back_by_a_stalled_connection_arrive_later() throws Exception {
        proxy.hold();
        sender.bus.accessChanged(new AccessChange.OfUser("anna", ORDERS));
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(receiver.heard::isEmpty);
        proxy.release();
        await().atMost(PATIENCE).until(() -> receiver.heard.contains("permission of anna"));
        assertPermissionArrives();
    }

    @Test
    void a_connection_that_stalls_for_a_long_time_is_replaced() {
        proxy.hold();
        await().atMost(PATIENCE)
                .until(() -> sender.bus.trouble().isPresent()
                        && receiver.bus.trouble().isPresent());
        proxy.release();
        proxy.cut();
        assertPermissionArrivesOrIsKnownToBeMissing();
        await().atMost(PATIENCE).until(this::bothKnowBoth);
    }

    @Test
    void nodes_recover_after_the_server_crashes_and_restarts() throws Exception {
        server.kill();
        server.start();
        assertPermissionArrivesOrIsKnownToBeMissing();
        receiver.heard.clear();
        assertUnstoredArrives();
        await().atMost(PATIENCE).until(this::bothKnowBoth);
    }
}
