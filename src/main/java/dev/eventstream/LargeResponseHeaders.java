package dev.eventstream;

import io.dropwizard.lifecycle.ServerLifecycleListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;

/**
 * Allows the heads of answers to a proxy to contain many channels with long names. Jetty starts with the connector's
 * {@code maxResponseHeaderSize} and uses a larger buffer only for a head that does not fit.
 */
final class LargeResponseHeaders implements ServerLifecycleListener {
    /** Twenty channels of 255 characters outside of ASCII need about 220 kB. */
    static final int MAX_BYTES = 256 << 10;

    @Override
    public void serverStarted(Server server) {
        for (Connector connector : server.getConnectors()) {
            for (ConnectionFactory factory : connector.getConnectionFactories()) {
                if (factory instanceof HttpConfiguration.ConnectionFactory http) {
                    HttpConfiguration configuration = http.getHttpConfiguration();
                    configuration.setMaxResponseHeaderSize(
                            Math.max(configuration.getMaxResponseHeaderSize(), MAX_BYTES));
                }
            }
        }
    }
}
