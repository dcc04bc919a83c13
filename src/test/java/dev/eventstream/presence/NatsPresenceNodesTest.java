package dev.eventstream.presence;

import dev.eventstream.bus.BusServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class NatsPresenceNodesTest extends PresenceNodesContract.Fast {
    @RegisterExtension
    static final BusServer SERVER = BusServer.nats();

    NatsPresenceNodesTest() {
        super(() -> SERVER.yaml(SERVER.port()));
    }
}
