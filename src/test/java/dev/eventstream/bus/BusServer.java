package dev.eventstream.bus;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A private server for one bus, from Debian's packages, on a port that stays the same. As a JUnit extension, it runs during the
 * tests of a class; otherwise call {@link #start}.
 *
 * <p>Thread-safe.
 */
public abstract class BusServer implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

    /** Redis without persistence. */
    public static BusServer redis() {
        return ProcessBusServer.newRedis();
    }

    public static BusServer nats() {
        return ProcessBusServer.newNats();
    }

    public static BusServer postgres() {
        return new PostgresBusServer();
    }

    /**
     * The server for a bus.
     *
     * @param type as in YAML: {@code postgres}, {@code redis} or {@code nats}
     */
    public static BusServer of(String type) {
        return switch (type) {
            case "postgres" -> postgres();
            case "redis" -> redis();
            case "nats" -> nats();
            default ->
                throw new IllegalArgumentException(
                        "there is no server for a bus \"" + type + "\"; allowed are postgres, redis and nats");
        };
    }

    /** Starts it, also after {@link #kill}, and waits until it accepts connections. */
    public abstract void start() throws Exception;

    /** Kills it (SIGKILL). */
    public abstract void kill() throws Exception;

    /** Stops it and removes what it has stored. It cannot be started again. */
    @Override
    public abstract void close();

    /** Its port, once it was started. */
    public abstract int port();

    /**
     * Its address as the configuration of the bus expects it.
     *
     * @param port its own, or that of a proxy in front of it
     */
    public abstract String address(int port);

    /**
     * The value of {@code eventStream.bus} for a node.
     *
     * @param port its own, or that of a proxy in front of it
     */
    public abstract String yaml(int port);

    @Override
    public final void beforeAll(ExtensionContext context) throws Exception {
        start();
    }

    @Override
    public final void afterAll(ExtensionContext context) {
        close();
    }
}
