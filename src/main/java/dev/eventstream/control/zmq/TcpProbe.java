package dev.eventstream.control.zmq;

import dev.eventstream.control.ControlProbe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;

/** Connects, which shows only that the port is open. Thread-safe. */
final class TcpProbe implements ControlProbe {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final URI address;

    TcpProbe(URI address) {
        this.address = address;
    }

    @Override
    public Finding ask() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) TIMEOUT.toMillis());
            return new Finding(
                    Verdict.UNKNOWN, "accepts a connection; whether it works cannot be known without commandUri");
        } catch (IOException e) {
            return new Finding(Verdict.UNHEALTHY, "accepts no connection: " + e.getMessage());
        }
    }
}
