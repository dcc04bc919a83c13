package dev.eventstream.config;

import dev.eventstream.control.ControlAccess;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where events are to go for a proxy.
 *
 * <p>Immutable.
 */
public sealed interface ControlEndpoint {
    /** The address, without credentials. */
    URI uri();

    /** POST to an HTTP control port. */
    record Http(ControlAccess access) implements ControlEndpoint {
        @Override
        public URI uri() {
            return access.uri();
        }
    }

    /**
     * A ZeroMQ PULL socket.
     *
     * @param uri its address, {@code tcp://host:port}
     * @param command the proxy's REP socket for commands, if we know it
     */
    record ZmqPush(URI uri, @Nullable URI command) implements ControlEndpoint {}

    /**
     * A ZeroMQ SUB socket.
     *
     * @param uri its address, {@code tcp://host:port}
     * @param command the proxy's REP socket for commands, if we know it
     */
    record ZmqPub(URI uri, @Nullable URI command) implements ControlEndpoint {}
}
