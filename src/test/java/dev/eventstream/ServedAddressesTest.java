package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.RouteOptions;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.PublishFactory;
import dev.eventstream.http.StreamRoute;
import io.dropwizard.core.setup.Environment;
import java.util.List;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The list of addresses that the bundle logs at start. */
class ServedAddressesTest {
    private final Environment environment = new Environment("test");
    private final EventStreamFactory factory = new EventStreamFactory();
    private final Server server = new Server();
    private final Logged logged = new Logged();

    @AfterEach
    void detach() {
        logged.close();
    }

    private void addConnector(String name, String host, int port) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory());
        connector.setName(name);
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
    }

    private String logged(StreamRoute... routes) {
        new ServedAddresses(environment, List.of(routes), factory).serverStarted(server);
        List<String> lines = logged.lines().stream()
                .filter(line -> line.contains("EventStreamBundle serves"))
                .toList();
        assertThat(lines).hasSize(1);
        return lines.get(0).replaceAll(":(-1|-2|0)/", ":PORT/").replace(System.lineSeparator(), "\n");
    }

    @Test
    void every_route_and_every_other_address_is_listed_on_one_line() {
        PublishFactory publish = new PublishFactory();
        publish.setPath("/send");
        factory.setPublish(publish);
        factory.setClientScript("/eventstream.js");
        addConnector("application", "127.0.0.1", 0);
        addConnector("admin", "::1", 0);
        environment.getApplicationContext().setContextPath("/app");
        environment.jersey().setUrlPattern("/api/*");

        assertThat(logged(
                        StreamRoute.at("/events"),
                        new StreamRoute("/rooms/{room}/events", List.of("room-{room}"), RouteOptions.DEFAULTS)))
                .isEqualTo("""
                        INFO EventStreamBundle serves

                            GET     http://127.0.0.1:PORT/app/api/events?channel=NAME
                            GET     http://127.0.0.1:PORT/app/api/rooms/{room}/events
                            POST    http://127.0.0.1:PORT/app/api/send
                            GET     http://127.0.0.1:PORT/app/api/eventstream.js
                            health  http://[::1]:PORT/healthcheck
                        """);
    }

    @Test
    void a_single_connector_is_listed_for_streams_and_health() {
        ServerConnector secure = new ServerConnector(
                server,
                new SslConnectionFactory(new SslContextFactory.Server(), "http/1.1"),
                new HttpConnectionFactory());
        server.addConnector(new LocalConnector(server));
        server.addConnector(secure);
        environment.getAdminContext().setContextPath("/admin");

        assertThat(logged(new StreamRoute("/news", List.of("news"), RouteOptions.DEFAULTS)))
                .isEqualTo("""
                        INFO EventStreamBundle serves

                            GET     https://localhost:PORT/news
                            health  https://localhost:PORT/admin/healthcheck
                        """);
    }

    @Test
    void without_a_port_only_paths_are_listed() {
        server.addConnector(new LocalConnector(server));

        assertThat(logged(new StreamRoute("/news", List.of("news"), RouteOptions.DEFAULTS)))
                .contains("    GET     /news\n");
    }
}
