package dev.eventstream.control.zmq;

import dev.eventstream.control.ControlClient;
import dev.eventstream.control.ControlException;
import dev.eventstream.control.ProxyItem;
import java.net.URI;
import java.util.List;
import org.zeromq.SocketType;

/** Pushes each item as a separate message. Confined to the lane's thread. */
final class ZmqPushControlClient implements ControlClient {
    private final ZmqConnection connection;
    private final ZmqRecovery recovery;

    ZmqPushControlClient(URI address, ZmqRecovery recovery) {
        this.connection = new ZmqConnection(SocketType.PUSH, address);
        this.recovery = recovery;
    }

    @Override
    public void publish(List<ProxyItem> items) throws ControlException, InterruptedException {
        connection.awaitConnected();
        for (ProxyItem item : items) {
            connection.send(ZmqMessage.of(item), 0);
        }
    }

    @Override
    public void recoverAll() throws ControlException {
        recovery.recover();
    }

    @Override
    public boolean maintain() {
        return connection.wasLost();
    }

    @Override
    public void close() {
        connection.close();
    }
}
