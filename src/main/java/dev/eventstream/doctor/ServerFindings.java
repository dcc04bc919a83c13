package dev.eventstream.doctor;

import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the settings of the server against those of the streams. Compression and minimum data rates do not harm streams, so they are not
 * checked.
 *
 * <p>Stateless, thread-safe.
 */
public final class ServerFindings {
    static final String KEEP_ALIVE = "keep-alive";
    static final String HEADER_SIZE = "header-size";
    static final String REQUEST_LOG = "request-log";
    static final String ADMIN_PORT = "admin-port";
    static final String DRAIN = "drain";

    /** The checks of this class. */
    public static final List<String> CHECKS = List.of(KEEP_ALIVE, HEADER_SIZE, REQUEST_LOG, ADMIN_PORT, DRAIN);

    /** The default of nginx's proxy_read_timeout, and of the load balancers of the large clouds. */
    private static final Duration USUAL_SILENCE = Duration.ofSeconds(60);

    /** How long Kubernetes waits by default before it kills a container that stops (terminationGracePeriodSeconds). */
    private static final Duration USUAL_GRACE = Duration.ofSeconds(30);

    /** What a stop takes at most beyond {@code eventStream.drain}. */
    private static final Duration REST_OF_STOP = Duration.ofSeconds(2);

    /** A channel's name of 30 characters, once in the address and once in the position, and the rest of both. */
    private static final int BYTES_PER_CHANNEL = 90;

    /** What the other headers of a browser need, cookies included. */
    private static final int OTHER_HEADER_BYTES = 2_048;

    private final EventStreamFactory factory;
    private final List<Finding> findings = new ArrayList<>();

    private ServerFindings(EventStreamFactory factory) {
        this.factory = factory;
    }

    /** Checks the settings that are visible here. */
    public static List<Finding> of(ServerFactory server, EventStreamFactory factory) {
        ServerFindings checks = new ServerFindings(factory);
        List<ConnectorFactory> connectors = connectors(server);
        for (int i = 0; i < connectors.size(); i++) {
            if (connectors.get(i) instanceof HttpConnectorFactory http) {
                String key = server instanceof SimpleServerFactory
                        ? "server.connector"
                        : "server.applicationConnectors[" + i + "]";
                checks.idleTimeout(key, http);
                checks.headerSize(key, http);
            }
        }
        checks.usualSilence();
        checks.drain();
        checks.adminPort(server);
        if (server instanceof AbstractServerFactory usual) {
            checks.requestLog(usual);
        }
        return List.copyOf(checks.findings);
    }

    /** The connectors of the application. */
    public static List<ConnectorFactory> connectors(ServerFactory server) {
        if (server instanceof DefaultServerFactory usual) {
            return usual.getApplicationConnectors();
        }
        return server instanceof SimpleServerFactory simple ? List.of(simple.getConnector()) : List.of();
    }

    private void idleTimeout(String key, HttpConnectorFactory connector) {
        if (factory.getKeepAlive().toNanoseconds() >= connector.getIdleTimeout().toNanoseconds()) {
            findings.add(Finding.error(
                    KEEP_ALIVE,
                    "eventStream.keepAlive is " + factory.getKeepAlive() + ", and a connector's idleTimeout (" + key
                            + ".idleTimeout) is " + connector.getIdleTimeout(),
                    "streams would be closed between two keep-alives",
                    "keepAlive must be shorter, such as the default, keepAlive: 20s, or the idleTimeout longer"));
        }
    }

    private void usualSilence() {
        if (factory.getKeepAlive().toJavaDuration().compareTo(USUAL_SILENCE) >= 0) {
            findings.add(Finding.warning(
                    KEEP_ALIVE,
                    "eventStream.keepAlive is " + factory.getKeepAlive(),
                    "nginx and most load balancers close connections that are silent for " + USUAL_SILENCE.toSeconds()
                            + " s, so that streams end in between",
                    "use a shorter one, such as the default, keepAlive: 20s"));
        }
    }

    private void headerSize(String key, HttpConnectorFactory connector) {
        int channels = factory.getLimits().getChannelsPerStream();
        long needed = OTHER_HEADER_BYTES + (long) BYTES_PER_CHANNEL * channels;
        if (needed > connector.getMaxRequestHeaderSize().toBytes()) {
            findings.add(Finding.warning(
                    HEADER_SIZE,
                    "eventStream.limits.channelsPerStream is " + channels + ", and " + key + ".maxRequestHeaderSize is "
                            + connector.getMaxRequestHeaderSize(),
                    "a client that returns to a stream of " + channels + " channels sends about " + needed
                            + " bytes of headers with names of 30 characters, and is refused with 431",
                    "set maxRequestHeaderSize: " + (needed / 1_024 + 1) + "KiB, there and in every proxy in front"));
        }
    }

    private void drain() {
        Duration drain = factory.getDrain().toJavaDuration().plus(REST_OF_STOP);
        if (drain.compareTo(USUAL_GRACE) > 0) {
            findings.add(Finding.warning(
                    DRAIN,
                    "eventStream.drain is " + factory.getDrain(),
                    "Kubernetes kills a process " + USUAL_GRACE.toSeconds()
                            + " s after it has asked it to stop, unless terminationGracePeriodSeconds is longer; the rest of the"
                            + " streams then break off",
                    "use a shorter one, such as the default, drain: 5s, or set terminationGracePeriodSeconds (systemd:"
                            + " TimeoutStopSec) to at least "
                            + drain.plusSeconds(5).toSeconds() + " s"));
        }
    }

    private void adminPort(ServerFactory server) {
        if (server instanceof SimpleServerFactory simple) {
            findings.add(Finding.warning(
                    ADMIN_PORT,
                    "server.type is simple, so the admin pages are served on the port of the application, below "
                            + simple.getAdminContextPath(),
                    "whoever can open a stream can also see who reads what (" + simple.getAdminContextPath()
                            + "/eventstream/), " + (factory.isAdminActions() ? "disconnect readers, " : "")
                            + "and delete events ("
                            + simple.getAdminContextPath() + "/tasks/eventstream-trim)",
                    "use the default server with a private port in server.adminConnectors, or refuse this path in the proxy in"
                            + " front"));
        }
    }

    private void requestLog(AbstractServerFactory server) {
        if (factory.getAuth().isAccessTokenParameter()
                && server.getRequestLogFactory().isEnabled()) {
            findings.add(Finding.warning(
                    REQUEST_LOG,
                    "eventStream.auth.accessTokenParameter is true, and server.requestLog is on",
                    "the request log contains the address of each stream, and with it the tokens",
                    "set server.requestLog: {appenders: []}, or give it a logFormat without %requestURL, or let clients use a"
                            + " cookie (eventStream.auth.cookies)"));
        }
    }
}
