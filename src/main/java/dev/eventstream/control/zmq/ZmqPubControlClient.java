package dev.eventstream.control.zmq;

import com.google.common.base.Ticker;
import dev.eventstream.control.ControlClient;
import dev.eventstream.control.ControlException;
import dev.eventstream.control.ProxyItem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Publishes items of subscribed channels: Pushpin subscribes to the channels that its clients read. Items of other channels are
 * not sent at all.
 *
 * <p>An item that is sent before its subscription arrives is lost. For a new channel Pushpin compensates by asking the origin
 * about one second after the first client. On a new connection all subscriptions arrive together, and nothing is sent before.
 *
 * <p>Confined to the lane's thread.
 */
final class ZmqPubControlClient implements ControlClient {
    private static final int POLL_MILLIS = 50;
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long SETTLES_WITHIN = TimeUnit.MILLISECONDS.toNanos(1_500);

    private final ZmqConnection connection;
    private final ZmqRecovery recovery;
    private final Ticker ticker;
    private final Set<String> subscribed = new HashSet<>();
    private int settled;

    ZmqPubControlClient(URI address, ZmqRecovery recovery, Ticker ticker) {
        this.ticker = ticker;
        this.connection = new ZmqConnection(SocketType.XPUB, address);
        this.recovery = recovery;
        connection.socket().setReceiveTimeOut(POLL_MILLIS);
    }

    @Override
    public void publish(List<ProxyItem> items) throws ControlException, InterruptedException {
        settle(connection.awaitConnected());
        readSubscriptions();
        for (ProxyItem item : items) {
            if (subscribed.contains(item.topic())) {
                connection.send(item.topic().getBytes(StandardCharsets.US_ASCII), ZMQ.SNDMORE);
                connection.send(ZmqMessage.of(item), 0);
            }
        }
    }

    /** Waits for the subscriptions of a new connection, until none arrives for a moment. */
    private void settle(int number) {
        if (number == settled) {
            return;
        }
        long start = ticker.read();
        long last = start;
        while (ticker.read() - last < QUIET && ticker.read() - start < SETTLES_WITHIN) {
            if (read(0)) {
                last = ticker.read();
            }
        }
        settled = number;
    }

    private void readSubscriptions() {
        boolean more = true;
        while (more) {
            more = read(ZMQ.DONTWAIT);
        }
    }

    private boolean read(int flags) {
        byte[] message = connection.socket().recv(flags);
        if (message == null || message.length == 0) {
            return false;
        }
        String topic = new String(message, 1, message.length - 1, StandardCharsets.UTF_8);
        if (message[0] == 1) {
            subscribed.add(topic);
        } else {
            subscribed.remove(topic);
        }
        return true;
    }

    @Override
    public void recoverAll() throws ControlException {
        recovery.recover();
    }

    @Override
    public boolean maintain() {
        readSubscriptions();
        return connection.wasLost();
    }

    @Override
    public void close() {
        connection.close();
    }
}
