package dev.eventstream.torture;

import dev.eventstream.bus.BusServer;
import dev.eventstream.network.FaultProxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server of the bus, and a proxy between it and each node. If the bus is {@code database}, it has neither: the faults of the
 * database are those of the bus.
 *
 * <p>Thread-safe once opened.
 */
final class BusLinks implements AutoCloseable {
    static final String DATABASE = "database";

    private final Optional<BusServer> server;
    private final List<FaultProxy> proxies = new ArrayList<>();

    private BusLinks(Optional<BusServer> server) {
        this.server = server;
    }

    /**
     * Starts the server.
     *
     * @param type as in YAML
     * @param nodes how many nodes will use it
     */
    static BusLinks open(String type, int nodes) throws Exception {
        if (type.equals(DATABASE)) {
            return new BusLinks(Optional.empty());
        }
        BusServer server = BusServer.of(type);
        BusLinks links = new BusLinks(Optional.of(server));
        try {
            server.start();
            for (int i = 0; i < nodes; i++) {
                links.proxies.add(new FaultProxy("bus-" + i, server.port()));
            }
            return links;
        } catch (Exception | Error e) {
            links.close();
            throw e;
        }
    }

    /** Whether it carries events. */
    boolean isFast() {
        return server.isPresent();
    }

    /** The lines of the eventStream block that connect a node. */
    String yaml(int node) {
        return server.map(present -> "  bus: " + present.yaml(proxies.get(node).port()) + '\n')
                .orElse("  bus: {type: database}\n  pollInterval: 500ms\n");
    }

    /** The proxy of each node; empty if the bus is the database. */
    List<FaultProxy> proxies() {
        return proxies;
    }

    /** Kills the server (SIGKILL). */
    void kill() throws Exception {
        if (server.isPresent()) {
            server.get().kill();
        }
    }

    void start() throws Exception {
        if (server.isPresent()) {
            server.get().start();
        }
    }

    @Override
    public void close() throws IOException {
        server.ifPresent(BusServer::close);
        for (FaultProxy proxy : proxies) {
            proxy.close();
        }
    }
}
