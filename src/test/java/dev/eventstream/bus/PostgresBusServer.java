package dev.eventstream.bus;

import dev.eventstream.database.PostgresServer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** PostgreSQL with an empty database. Thread-safe. */
final class PostgresBusServer extends BusServer {
    // guarded by this
    private @Nullable PostgresServer server;
    private String database = "";

    @Override
    public synchronized void start() throws IOException, InterruptedException {
        PostgresServer existing = server;
        if (existing != null) {
            existing.start();
            return;
        }
        PostgresServer started = PostgresServer.startNew();
        server = started;
        database = started.freshDatabase();
    }

    @Override
    public synchronized void kill() throws IOException, InterruptedException {
        server().kill();
    }

    @Override
    public synchronized void close() {
        PostgresServer existing = server;
        if (existing != null) {
            existing.close();
        }
    }

    @Override
    public synchronized int port() {
        return server().port();
    }

    @Override
    public synchronized String address(int port) {
        return server().jdbcUrl(database).replace(":" + server().port() + '/', ":" + port + '/') + "?user="
                + server().user();
    }

    @Override
    public synchronized String yaml(int port) {
        return "{type: postgres, url: \"" + address(port) + "\", user: " + server().user() + ", password: \"\"}";
    }

    private PostgresServer server() {
        PostgresServer started = server;
        if (started == null) {
            throw new IllegalStateException("the server of the bus was not started");
        }
        return started;
    }
}
