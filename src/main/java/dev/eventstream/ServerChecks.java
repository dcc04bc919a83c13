package dev.eventstream;

import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.doctor.Finding;
import dev.eventstream.doctor.ProxyFindings;
import dev.eventstream.doctor.ServerFindings;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses settings that break streams, and warns of those that would hurt. {@code events doctor} finds the same and more. */
final class ServerChecks {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServerChecks.class);
    private static final int DEFAULT_REQUEST_HEAD = 8 << 10;

    private ServerChecks() {}

    /**
     * Checks the settings of the server and of the proxies against those of the streams.
     *
     * @throws IllegalArgumentException if one breaks streams, such as a connector that would close them between two keep-alives
     */
    static void check(ServerFactory server, EventStreamFactory factory) {
        report(ServerFindings.of(server, factory));
        factory.grip().ifPresent(grip -> report(ProxyFindings.of(grip, factory.getLimits())));
    }

    /**
     * Logs the warnings.
     *
     * @throws IllegalArgumentException if a finding is an error; the message is its sentence
     */
    private static void report(List<Finding> findings) {
        for (Finding finding : findings) {
            if (finding.isError()) {
                throw new IllegalArgumentException(finding.sentence());
            }
            LOGGER.warn("{}", finding.sentence());
        }
    }

    /** Bytes that the head of a request may have on every connector. */
    static int maxRequestHead(ServerFactory server) {
        return ServerFindings.connectors(server).stream()
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
}
