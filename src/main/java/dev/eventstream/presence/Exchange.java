package dev.eventstream.presence;

import com.google.common.base.Ticker;
import dev.eventstream.presence.Message.Alive;
import dev.eventstream.presence.Message.Gone;
import dev.eventstream.presence.Message.Wanted;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reports the readers of this node to the other nodes, and receives their reports. It sends its changes once per interval; its version
 * every {@link #ALIVE_EVERY}; and all counts if a node asks for them, at most once per {@link #WHOLE_EVERY}. A reader who comes and goes
 * many times within an interval costs no more than one who does so once.
 *
 * <p>Thread-safe; {@link #round} belongs to one thread.
 */
final class Exchange {
    static final Duration ALIVE_EVERY = Duration.ofSeconds(5);
    static final Duration WHOLE_EVERY = Duration.ofSeconds(2);
    private static final long EVERYONE = 0;

    private final OwnReaders own;
    private final OtherNodes others;
    private final Consumer<byte[]> bus;
    private final long self;
    private final long changesEveryNanos;
    private final Ticker ticker;

    private volatile boolean isWanted;
    private volatile boolean mustAsk = true;

    // the thread of the rounds only
    private long changesSentAtNanos;
    private long wholeSentAtNanos;
    private long aliveSentAtNanos;
    private boolean mightSend;

    /**
     * @param bus takes a message to all other nodes; must not block
     * @param self the id of this node on the bus
     * @param changesEvery how often changes are sent
     */
    Exchange(OwnReaders own, OtherNodes others, Consumer<byte[]> bus, long self, Duration changesEvery, Ticker ticker) {
        this.own = own;
        this.others = others;
        this.bus = bus;
        this.self = self;
        this.changesEveryNanos = changesEvery.toNanos();
        this.ticker = ticker;
        this.changesSentAtNanos = ticker.read() - changesEveryNanos;
        this.wholeSentAtNanos = ticker.read() - WHOLE_EVERY.toNanos();
        this.aliveSentAtNanos = ticker.read() - ALIVE_EVERY.toNanos();
    }

    /**
     * Takes a message of another node.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    void received(long node, ByteBuffer bytes) {
        MessageCodec.decode(bytes).ifPresent(message -> {
            if (message instanceof Wanted wanted) {
                isWanted |= wanted.node() == EVERYONE || wanted.node() == self;
            } else {
                others.heard(node, message);
            }
        });
    }

    /** Messages may have been missed: asks all nodes for everything. */
    void interrupted() {
        mustAsk = true;
    }

    /**
     * Sends what is due, and forgets nodes that are silent.
     *
     * @param maySend whether this node has run for long enough to send joins and leaves
     */
    void round(boolean maySend) {
        others.forgetSilent();
        long now = ticker.read();
        if (mustAsk) {
            mustAsk = false;
            send(new Wanted(EVERYONE));
        }
        others.toAsk().forEach(node -> send(new Wanted(node)));
        if (isWanted && now - wholeSentAtNanos >= WHOLE_EVERY.toNanos()) {
            isWanted = false;
            wholeSentAtNanos = now;
            send(own.takeWhole());
        } else if (now - changesSentAtNanos >= changesEveryNanos) {
            changesSentAtNanos = now;
            own.takeChanges().filter(changes -> !others.isEmpty()).ifPresent(this::send);
        }
        if (maySend != mightSend || now - aliveSentAtNanos >= ALIVE_EVERY.toNanos()) {
            mightSend = maySend;
            aliveSentAtNanos = now;
            send(new Alive(own.version(), maySend));
        }
    }

    /** Reports to the other nodes that this one stops, so that its readers no longer count. */
    void stop() {
        send(new Gone());
    }

    private void send(Message message) {
        bus.accept(MessageCodec.encode(message));
    }
}
