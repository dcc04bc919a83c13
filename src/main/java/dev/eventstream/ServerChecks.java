package dev.eventstream;

import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.util.Duration;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses server settings that break streams, and warns of those that break them behind a usual proxy. Compression and minimum
 * data rates do not harm streams.
 */
final class ServerChecks {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServerChecks.class);
    private static final int DEFAULT_REQUEST_HEAD = 8 << 10;

    /** The default of nginx's proxy_read_timeout, and of the load balancers of the large clouds. */
    private static final java.time.Duration USUAL_SILENCE = java.time.Duration.ofSeconds(60);

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
        if (factory.getKeepAlive().toJavaDuration().compareTo(USUAL_SILENCE) >= 0) {
            LOGGER.warn(
                    "eventStream.keepAlive is {}: nginx and most load balancers close connections that are silent for {} s,"
                            + " so that streams end in between; use a shorter one, such as the default, 20s",
                    factory.getKeepAlive(),
                    USUAL_SILENCE.toSeconds());
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

    /** The prefix of the names of the application's request metrics. */
    static String requestMetrics(ServerFactory server, Handler application) {
        String chosen = server instanceof AbstractServerFactory usual ? usual.getMetricPrefix() : null;
        return chosen == null ? application.getClass().getName() : chosen;
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
