package dev.eventstream.bus.postgres;

import dev.eventstream.bus.Bus;
import dev.eventstream.bus.ServerBusContract;
import dev.eventstream.database.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresBusTest extends ServerBusContract {
    private static PostgresServer server;
    private static String database;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.startNew();
        database = server.freshDatabase();
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
        String url = server.jdbcUrl(database).replace(":" + server.port() + '/', ":" + port + '/');
        return new PostgresBus(url, server.user(), server.password(), "eventstream");
    }

    @Override
    protected void restartServer() throws Exception {
        server.kill();
        server.start();
    }
}
