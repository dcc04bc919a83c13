package dev.eventstream.pushpin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Loopback ports that one Pushpin keeps across restarts. They are below the system's range of client ports, so that no client
 * gets one while the process is down.
 *
 * <p>Immutable.
 *
 * @param http for clients
 * @param control HTTP control
 * @param pull ZeroMQ control for a PUSH socket
 * @param sub ZeroMQ control for a PUB or XPUB socket
 * @param command ZeroMQ commands, for a REQ socket
 */
record PushpinPorts(int http, int control, int pull, int sub, int command, int prometheus) {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int COUNT = 6;

    static PushpinPorts free() {
        Random random = new Random();
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < COUNT) {
            int port = LOWEST + random.nextInt(HIGHEST - LOWEST);
            if (!ports.contains(port) && isFree(port)) {
                ports.add(port);
            }
        }
        return new PushpinPorts(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), ports.get(5));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (java.net.BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
