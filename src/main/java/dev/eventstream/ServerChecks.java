package dev.eventstream;

import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.util.Duration;
import java.util.List;

/** Refuses server settings that break streams. */
final class ServerChecks {
    private static final int DEFAULT_REQUEST_HEAD = 8 << 10;

    private ServerChecks() {}

    /**
     * Checks the settings of the connectors that are visible here.
     *
     * @throws IllegalArgumentException if a connector would close streams between two keep-alives
     */
    static void check(ServerFactory server, EventStreamFactory factory) {
        for (ConnectorFactory connector : connectors(server)) {
            if (connector instanceof HttpConnectorFactory http) {
                checkIdleTimeout(http.getIdleTimeout(), factory.getKeepAlive());
            }
        }
    }

    /** Bytes that the head of a request may have on every connector. */
    static int maxRequestHead(ServerFactory server) {
        return connectors(server).stream()
                .filter(HttpConnectorFactory.class::isInstance)
                .mapToInt(http -> Math.toIntExact(
                        ((HttpConnectorFactory) http).getMaxRequestHeaderSize().toBytes()))
                .min()
                .orElse(DEFAULT_REQUEST_HEAD);
    }

    private static List<ConnectorFactory> connectors(ServerFactory server) {
        if (server instanceof DefaultServerFactory usual) {
            return usual.getApplicationConnectors();
        }
        return server instanceof SimpleServerFactory simple ? List.of(simple.getConnector()) : List.of();
    }

    private static void checkIdleTimeout(Duration idleTimeout, Duration keepAlive) {
        if (keepAlive.toNanoseconds() >= idleTimeout.toNanoseconds()) {
            throw new IllegalArgumentException(
                    "eventStream.keepAlive is " + keepAlive + ", and a connector's idleTimeout"
                            + " (server.applicationConnectors[].idleTimeout) is " + idleTimeout
                            + ": streams would be closed between two keep-alives; keepAlive must be shorter");
        }
    }
}
