package dev.eventstream.bus.nats;

import dev.eventstream.bus.Bus;
import dev.eventstream.bus.BusServer;
import dev.eventstream.bus.ServerBusContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class NatsBusTest extends ServerBusContract {
    private static BusServer server;

    @BeforeAll
    static void startServer() throws IOException {
        server = BusServer.nats();
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
        return new NatsBus("nats://127.0.0.1:" + port, "eventstream");
    }

    @Override
    protected void restartServer() throws Exception {
        server.kill();
        server.start();
    }
}
