package dev.eventstream.bus.redis;

import dev.eventstream.bus.Bus;
import dev.eventstream.bus.BusServer;
import dev.eventstream.bus.ServerBusContract;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisBusTest extends ServerBusContract {
    private static BusServer server;

    @BeforeAll
    static void startServer() throws IOException {
        server = BusServer.redis();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected int serverPort() {
        return server.port();
    }

    @Override
    protected Bus busAt(int port) {
        return new RedisBus(URI.create("redis://127.0.0.1:" + port), "eventstream");
    }

    @Override
    protected void restartServer() throws Exception {
        server.kill();
        server.start();
    }
}
