package dev.eventstream.presence;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.loop.SettableTicker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Nodes that exchange reports over a bus that a test controls. Confined to one thread. */
final class TestNodes {
    static final ChannelName ROOM = new ChannelName("room");

    private final SettableTicker ticker = new SettableTicker();
    private final List<TestNode> nodes = new ArrayList<>();
    private final Set<TestNode> killed = new HashSet<>();
    private List<Sent> onTheWay = new ArrayList<>();
    private int bytes;

    private record Sent(long from, byte[] message) {}

    /** One node. */
    final class TestNode {
        private final long id;
        final PresentReaders all = new PresentReaders(true);
        final OwnReaders own = new OwnReaders(all);
        final OtherNodes others = new OtherNodes(all, ticker);
        final Exchange exchange;

        TestNode(long id) {
            this.id = id;
            this.exchange =
                    new Exchange(own, others, message -> send(this, message), id, Duration.ofMillis(500), ticker);
        }

        boolean enter(@Nullable String user) {
            return own.enter(new Attendee(ROOM, user));
        }

        void leave(@Nullable String user) {
            own.leave(new Attendee(ROOM, user), true);
        }

        Presence room() {
            return all.of(ROOM, others.isComplete());
        }
    }

    TestNode add() {
        TestNode node = new TestNode(nodes.size() + 1L);
        nodes.add(node);
        return node;
    }

    private void send(TestNode from, byte[] message) {
        if (!killed.contains(from)) {
            onTheWay.add(new Sent(from.id, message));
            bytes += message.length;
        }
    }

    /** Kills the node: it no longer sends or receives anything. */
    void kill(TestNode node) {
        killed.add(node);
    }

    /** Lets each node run one round, and delivers the messages as the bus does. */
    void round(UnaryOperator<List<Integer>> bus) {
        nodes.stream().filter(node -> !killed.contains(node)).forEach(node -> node.exchange.round(true));
        List<Sent> sent = onTheWay;
        onTheWay = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            numbers.add(i);
        }
        bus.apply(numbers).forEach(number -> deliver(sent.get(number)));
    }

    private void deliver(Sent sent) {
        nodes.stream()
                .filter(node -> node.id != sent.from && !killed.contains(node))
                .forEach(node -> node.exchange.received(sent.from, ByteBuffer.wrap(sent.message)));
    }

    /** Runs rounds every quarter of a second, on a bus that delivers everything in order. */
    void run(Duration time) {
        run(time, numbers -> numbers);
    }

    void run(Duration time, UnaryOperator<List<Integer>> bus) {
        for (long left = time.toMillis(); left > 0; left -= 250) {
            round(bus);
            ticker.advance(Duration.ofMillis(250));
        }
    }

    /** The bytes sent since the last call. */
    int takeBytes() {
        int taken = bytes;
        bytes = 0;
        return taken;
    }
}
