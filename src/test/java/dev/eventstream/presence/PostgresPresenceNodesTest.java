package dev.eventstream.presence;

import dev.eventstream.bus.BusServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresPresenceNodesTest extends PresenceNodesContract.Fast {
    @RegisterExtension
    static final BusServer SERVER = BusServer.postgres();

    PostgresPresenceNodesTest() {
        super(() -> SERVER.yaml(SERVER.port()));
    }
}
