package dev.eventstream;

import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.PresenceFactory;
import dev.eventstream.config.PublishFactory;
import dev.eventstream.http.StreamRoute;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.ServerLifecycleListener;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the bundle's addresses once the server has started; Dropwizard's own list has neither hosts nor ports. */
final class ServedAddresses implements ServerLifecycleListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServedAddresses.class);
    private static final String ADMIN = "admin";

    private final Environment environment;
    private final List<StreamRoute> routes;
    private final EventStreamFactory factory;

    ServedAddresses(Environment environment, List<StreamRoute> routes, EventStreamFactory factory) {
        this.environment = environment;
        this.routes = routes;
        this.factory = factory;
    }

    @Override
    public void serverStarted(Server server) {
        LOGGER.info("EventStreamBundle serves\n\n{}", text(server));
    }

    private String text(Server server) {
        String application = base(server, false)
                + prefix(environment.getApplicationContext().getContextPath())
                + prefix(environment.jersey().getUrlPattern());
        StringBuilder text = new StringBuilder();
        for (StreamRoute route : routes) {
            line(text, "GET", application + route.path() + (route.isChosenByClient() ? "?channel=NAME" : ""));
        }
        factory.publish().map(PublishFactory::getPath).ifPresent(path -> line(text, "POST", application + path));
        factory.presence()
                .map(PresenceFactory::getPath)
                .ifPresent(path -> line(text, "GET", application + path + "?channel=NAME"));
        factory.clientScript().ifPresent(path -> line(text, "GET", application + path));
        line(
                text,
                "health",
                base(server, true) + prefix(environment.getAdminContext().getContextPath()) + "/healthcheck");
        return text.toString();
    }

    private static void line(StringBuilder text, String method, String address) {
        text.append(String.format(Locale.ROOT, "    %-7s %s%n", method, address));
    }

    /** A context's path or a servlet's pattern without the slash and the asterisk at its end. */
    static String prefix(String pattern) {
        return pattern.replaceAll("/?\\*?$", "");
    }

    /** Scheme, host and port of the first connector; empty if there is none with a port. */
    private static String base(Server server, boolean admin) {
        List<NetworkConnector> connectors = Arrays.stream(server.getConnectors())
                .filter(NetworkConnector.class::isInstance)
                .map(NetworkConnector.class::cast)
                .toList();
        return connectors.stream()
                .filter(connector -> ADMIN.equals(connector.getName()) == admin)
                .findFirst()
                // a simple server has one connector for both
                .or(() -> connectors.stream().findFirst())
                .map(ServedAddresses::base)
                .orElse("");
    }

    private static String base(NetworkConnector connector) {
        boolean secure =
                "SSL".equalsIgnoreCase(connector.getDefaultConnectionFactory().getProtocol());
        String host = connector.getHost() == null ? "localhost" : connector.getHost();
        return (secure ? "https://" : "http://")
                + (host.indexOf(':') < 0 ? host : '[' + host + ']')
                + ':'
                + connector.getLocalPort();
    }
}
