package dev.eventstream.pushpin;

import dev.eventstream.network.FreePorts;

/**
 * Loopback ports that one Pushpin keeps across restarts.
 *
 * <p>Immutable.
 *
 * @param http for clients
 * @param control HTTP control
 * @param pull ZeroMQ control for a PUSH socket
 * @param sub ZeroMQ control for a PUB or XPUB socket
 * @param command ZeroMQ commands, for a REQ socket
 * @param stats statistics, for a SUB socket
 */
record PushpinPorts(int http, int control, int pull, int sub, int command, int stats, int prometheus) {
    static PushpinPorts free() {
        return new PushpinPorts(
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next());
    }
}
