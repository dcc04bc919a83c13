package dev.eventstream.presence;

import dev.eventstream.bus.BusServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisPresenceNodesTest extends PresenceNodesContract.Fast {
    @RegisterExtension
    static final BusServer SERVER = BusServer.redis();

    RedisPresenceNodesTest() {
        super(() -> SERVER.yaml(SERVER.port()));
    }
}
