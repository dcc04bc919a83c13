package dev.eventstream.presence;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.NewEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the readers of the channels that {@code eventStream.presence} names.
 *
 * <p>Thread-safe. {@link #connect}, {@link #addProxy} and {@link #sendEvents} must be called before the first {@link #round}, which
 * belongs to one thread.
 */
public final class ReaderPresence {
    /** A node that starts knows the readers of the others after this time: they have answered, and have announced themselves twice. */
    static final Duration SETTLES_AFTER = Duration.ofSeconds(10);

    /** How often changes are sent on a fast bus. */
    private static final Duration CHANGES_EVERY = Duration.ofMillis(500);

    /** How often changes are sent on the bus {@code database}. */
    private static final Duration CHANGES_EVERY_SLOWLY = Duration.ofSeconds(3);

    private final PresenceChannels channels;
    private final Ticker ticker;
    private final PresentReaders all;
    private final OwnReaders own;
    private final OtherNodes others;
    private final JoinsAndLeaves joinsAndLeaves;
    private final SenderTurn turn;
    private final Duration delay;
    private final List<ProxiedReaders> proxies = new CopyOnWriteArrayList<>();

    private volatile boolean isSettled;
    private volatile @Nullable Link link;
    private volatile boolean hasUnknownProxy;
    private volatile Consumer<List<NewEvent>> sender = events -> {};

    // the thread of the rounds only
    private boolean hasBegun;
    private long begunAtNanos;
    private long settledAtNanos;

    /** The connection to the other nodes. */
    private record Link(Exchange exchange, NodeBus bus, long self) {}

    /** @param delay how long a user must be there or away before a join or leave is sent */
    public ReaderPresence(PresenceChannels channels, Duration delay, Ticker ticker, MetricRegistry metrics) {
        this.channels = channels;
        this.ticker = ticker;
        this.all = new PresentReaders(channels.hasEvents());
        this.own = new OwnReaders(all);
        this.others = new OtherNodes(all, ticker);
        this.delay = delay;
        this.turn = new SenderTurn(ticker);
        this.joinsAndLeaves = new JoinsAndLeaves(all, channels, delay, ticker);
        metrics.gauge("eventstream.presence.streams", () -> all::streams);
        metrics.gauge("eventstream.presence.channels", () -> all::channels);
    }

    // ---- assembly

    /** Reports the readers of this node to the other nodes, and receives their reports. */
    public void connect(NodeBus bus) {
        long self = bus.self().id();
        Exchange exchange = new Exchange(
                own,
                others,
                bus::sendPresence,
                self,
                bus.carriesUnstored() ? CHANGES_EVERY : CHANGES_EVERY_SLOWLY,
                ticker);
        link = new Link(exchange, bus, self);
    }

    /** Adds a proxy that reports its readers. */
    public ProxiedReaders addProxy(String name) {
        ProxiedReaders proxy = new ProxiedReaders(name, all, ticker);
        proxies.add(proxy);
        return proxy;
    }

    /** Records that a proxy does not report its readers. */
    public void addUnknownProxy() {
        hasUnknownProxy = true;
    }

    /** Sends joins and leaves. */
    public void sendEvents(Consumer<List<NewEvent>> to) {
        sender = to;
    }

    // ---- streams of this node

    /**
     * Counts a stream that this node holds.
     *
     * @return stops counting it; further calls do nothing
     */
    public Runnable enter(Reader reader, List<ChannelName> ofStream) {
        List<Attendee> entered = new ArrayList<>();
        List<Attendee> refused = new ArrayList<>();
        for (ChannelName channel : channels.trackedOf(ofStream)) {
            Attendee attendee = Attendee.of(channel, reader);
            (own.enter(attendee) ? entered : refused).add(attendee);
        }
        AtomicBoolean hasLeft = new AtomicBoolean();
        return () -> {
            if (hasLeft.compareAndSet(false, true)) {
                entered.forEach(attendee -> own.leave(attendee, true));
                refused.forEach(attendee -> own.leave(attendee, false));
            }
        };
    }

    /** Whether a stream has a channel whose readers are counted. */
    public boolean isTracked(List<ChannelName> ofStream) {
        return ofStream.stream().anyMatch(channels::isTracked);
    }

    // ---- questions

    /**
     * The readers of a channel now.
     *
     * @throws IllegalArgumentException if its readers are not counted
     */
    public Presence of(ChannelName channel) {
        if (!channels.isTracked(channel)) {
            throw new IllegalArgumentException("the readers of channel \"" + channel
                    + "\" are not counted: no pattern in" + " eventStream.presence.channels matches it");
        }
        return all.of(channel, isComplete());
    }

    private boolean isComplete() {
        Link current = link;
        return isSettled
                && own.isComplete()
                && !hasUnknownProxy
                && proxies.stream().allMatch(ProxiedReaders::isComplete)
                && (current == null
                        || (others.isComplete() && current.bus().trouble().isEmpty()));
    }

    // ---- messages and rounds

    /**
     * Takes a message of another node.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public void received(long node, ByteBuffer message) {
        Link current = link;
        if (current != null) {
            current.exchange().received(node, message);
        }
    }

    /** Messages of other nodes may have been missed. */
    public void interrupted() {
        Link current = link;
        if (current != null) {
            current.exchange().interrupted();
        }
    }

    /** Sends what is due to the other nodes, forgets what has expired, and sends joins and leaves. */
    public void round() {
        if (!isSettled) {
            settle();
        }
        Link current = link;
        if (current != null) {
            current.exchange().round(maySend());
        }
        proxies.forEach(ProxiedReaders::forgetSilent);
        List<NewEvent> events = toSend(joinsAndLeaves.round(isSettled), current);
        if (!events.isEmpty()) {
            sender.accept(events);
        }
    }

    private List<NewEvent> toSend(List<NewEvent> decided, @Nullable Link current) {
        Optional<Long> senderHeardAt = current == null ? Optional.empty() : others.senderHeardAt(current.self());
        if (senderHeardAt.isPresent()) {
            turn.othersTurn(decided, senderHeardAt.get());
        } else if (maySend()) {
            return turn.ourTurn(decided);
        } else {
            turn.noTurn(decided);
        }
        return List.of();
    }

    /** Whether this node may send: it has known all readers for so long that all earlier changes were decided by other nodes. */
    private boolean maySend() {
        return isSettled && ticker.read() - settledAtNanos >= delay.toNanos();
    }

    private void settle() {
        if (!hasBegun) {
            begunAtNanos = ticker.read();
            hasBegun = true;
        }
        isSettled = (link == null || hasRunFor(SETTLES_AFTER))
                && (proxies.stream().allMatch(ProxiedReaders::isComplete)
                        || hasRunFor(ProxiedReaders.COMPLETE_AFTER.plus(SETTLES_AFTER)));
        settledAtNanos = ticker.read();
    }

    private boolean hasRunFor(Duration time) {
        return ticker.read() - begunAtNanos >= time.toNanos();
    }

    /** Reports to the other nodes that this one stops. */
    public void stop() {
        Link current = link;
        if (current != null) {
            current.exchange().stop();
        }
    }
}
