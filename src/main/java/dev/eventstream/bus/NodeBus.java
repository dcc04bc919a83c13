package dev.eventstream.bus;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.bus.BusMessage.AccessChanged;
import dev.eventstream.bus.BusMessage.Alive;
import dev.eventstream.bus.BusMessage.Dropped;
import dev.eventstream.bus.BusMessage.Moved;
import dev.eventstream.bus.BusMessage.Present;
import dev.eventstream.bus.BusMessage.Unstored;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.loop.Trouble;
import dev.eventstream.publisher.Announcer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node on the bus: notifies the other nodes of its events and of changed rights, and passes on their messages.
 *
 * <p>Thread-safe. {@link #sendRound} and {@link #receiveRound} belong to one thread each, which calls them repeatedly.
 */
public final class NodeBus implements Announcer {
    private static final Logger LOGGER = LoggerFactory.getLogger(NodeBus.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Bus bus;
    private final BusListener listener;
    private final Supplier<NodeInfo> self;
    private final Ticker ticker;
    private final Duration patience;
    private final long startedAtNanos;
    private final Outgoing outgoing = new Outgoing();
    private final BusConnection<Bus.Publisher> publisher;
    private final BusConnection<Bus.Receiver> receiver;
    private final Nodes nodes;
    private final Meter sent;
    private final Meter received;
    private final Meter unreadable;
    private final Trouble strange = new Trouble();

    // the sending thread only
    private final MessageWriter writer;
    private long announcedAtNanos;

    // the receiving thread only
    private final MessageReader reader;
    private boolean isInDoubt;
    private long openedAtNanos;

    /** @param self describes this node; called every few seconds, and must always return the same id and settings */
    public NodeBus(Bus bus, BusListener listener, Supplier<NodeInfo> self, Ticker ticker, MetricRegistry metrics) {
        this(bus, listener, self, ticker, PATIENCE, metrics);
    }

    NodeBus(
            Bus bus,
            BusListener listener,
            Supplier<NodeInfo> self,
            Ticker ticker,
            Duration patience,
            MetricRegistry metrics) {
        this.bus = bus;
        this.patience = patience;
        this.listener = listener;
        this.self = self;
        this.ticker = ticker;
        NodeInfo info = self.get();
        this.writer = new MessageWriter(info.id(), bus.maxMessageBytes());
        this.reader = new MessageReader(info.id());
        this.nodes = new Nodes(info, ticker);
        this.publisher = new BusConnection<>(
                "publish on", "its events reach other nodes only with their polls", bus::openPublisher, ticker);
        this.receiver = new BusConnection<>(
                "receive from", "events of other nodes arrive only with the poll", bus::openReceiver, ticker);
        this.startedAtNanos = ticker.read();
        this.announcedAtNanos = ticker.read() - Nodes.ANNOUNCE_EVERY.toNanos();
        this.sent = metrics.meter("eventstream.bus.sent");
        this.received = metrics.meter("eventstream.bus.received");
        this.unreadable = metrics.meter("eventstream.bus.unreadable");
        metrics.gauge("eventstream.bus.nodes", () -> () -> nodes.all().size());
        metrics.gauge("eventstream.bus.lag", () -> () -> nodes.lag().toMillis());
    }

    @Override
    public CompletableFuture<Void> announce(List<Event> events) {
        if (bus.isFast()) {
            outgoing.add(events);
        }
        return DONE;
    }

    /** Notifies the other nodes of the newest position of a channel, although no event was sent. */
    public void announceNewest(ChannelName channel, EventId newest) {
        if (bus.isFast()) {
            outgoing.add(channel, newest);
        }
    }

    /** Notifies the other nodes that the rights of readers may have changed. */
    public void accessChanged(AccessChange change) {
        outgoing.add(new AccessChanged(change));
    }

    /** Sends a report of presence to the other nodes. It may be lost. */
    public void sendPresence(byte[] report) {
        outgoing.add(new Present(self.get().id(), ByteBuffer.wrap(report)));
    }

    /** The nodes on the bus, this one included once it has received its own announcement. */
    public List<NodeInfo> nodes() {
        return nodes.all();
    }

    /** The present state of this node. */
    public NodeInfo self() {
        return self.get().withLag(nodes.lag());
    }

    /** Whether events of channels that are not stored reach readers on other nodes. */
    public boolean carriesUnstored() {
        return bus.isFast();
    }

    /** What is wrong with the connection to the bus; empty if nothing is. */
    public Optional<String> trouble() {
        return receiver.trouble()
                .or(publisher::trouble)
                .or(() -> Math.min(ticker.read() - startedAtNanos, nodes.nanosSinceOwn()) <= Nodes.SILENCE.toNanos()
                        ? Optional.empty()
                        : Optional.of("this node has not received its own messages for " + Nodes.SILENCE.toSeconds()
                                + " s, although the bus accepts them"));
    }

    /** Waits up to a second for something to publish, and publishes all of it. */
    public void sendRound() {
        send(patience);
    }

    private void send(Duration wait) {
        try {
            List<BusMessage> messages = new ArrayList<>(outgoing.take(wait));
            if (ticker.read() - announcedAtNanos >= Nodes.ANNOUNCE_EVERY.toNanos()) {
                announcedAtNanos = ticker.read();
                messages.add(new Alive(self(), announcedAtNanos));
            }
            if (!messages.isEmpty()) {
                send(messages);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(List<BusMessage> messages) throws InterruptedException {
        boolean isSent = false;
        try {
            isSent = publisher.use(opened -> {}, open -> publish(open, messages));
        } finally {
            if (!isSent) { // also after an Error
                outgoing.putBack(messages);
            }
        }
    }

    private void publish(Bus.Publisher open, List<BusMessage> messages) throws Exception {
        for (byte[] packed : writer.write(messages)) {
            open.publish(packed);
            sent.mark();
        }
    }

    /** Waits up to a second for messages, and passes them on. */
    public void receiveRound() {
        if (isInDoubt) { // the last round failed between taking messages and passing them on
            isInDoubt = false;
            listener.interrupted();
        }
        try {
            boolean unused = receiver.use(this::opened, this::receive);
            nodes.forgetSilent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive(Bus.Receiver open) throws Exception {
        List<byte[]> messages = open.receive(patience);
        isInDoubt = true;
        messages.forEach(this::pass);
        isInDoubt = false;
        long silentNanos = Math.min(ticker.read() - openedAtNanos, nodes.nanosSinceOwn());
        if (publisher.trouble().isEmpty() && silentNanos > Nodes.SILENCE.toNanos()) {
            throw new IOException("no message has arrived for "
                    + Duration.ofNanos(silentNanos).toSeconds() + " s, not even one that this node published");
        }
    }

    private void opened(Bus.Receiver open) {
        openedAtNanos = ticker.read();
        if (!open.isGapless()) { // the first time, too: streams may be open already
            listener.interrupted();
        }
    }

    private void pass(byte[] bytes) {
        received.mark();
        try {
            reader.read(bytes).forEach(this::pass);
            strange.ends();
        } catch (IllegalArgumentException e) {
            unreadable.mark();
            if (strange.begins()) {
                LOGGER.warn("This node ignores a message on the bus that it cannot read: {}", e.getMessage());
            }
        }
    }

    private void pass(BusMessage message) {
        if (message instanceof Moved moved) {
            listener.moved(moved.newest());
        } else if (message instanceof Unstored unstored) {
            listener.unstored(unstored.event());
        } else if (message instanceof AccessChanged changed) {
            listener.accessChanged(changed.change());
        } else if (message instanceof Dropped) {
            listener.unstoredDropped();
        } else if (message instanceof Alive alive) {
            nodes.heard(alive.node(), alive.sentAtNanos());
        } else if (message instanceof Present present) {
            listener.present(present.node(), present.report());
        }
    }

    /** Makes rounds in progress end soon. */
    public void stop() {
        publisher.stop();
        receiver.stop();
    }

    /** Publishes what is left, if it can do so at once, and closes the connections. Call this after the last round has ended. */
    public void close() {
        send(Duration.ZERO);
        publisher.close();
        receiver.close();
    }
}
