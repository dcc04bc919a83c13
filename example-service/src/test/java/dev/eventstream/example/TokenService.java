package dev.eventstream.example;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.io.Resources;
import dev.eventstream.EventStream;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.store.EventStore;
import io.dropwizard.auth.oauth.OAuthCredentialAuthFilter;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.testing.DropwizardTestSupport;
import io.dropwizard.util.Duration;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A service with a log in memory. Readers of the channels {@code private-…} need a bearer token, whose text is the
 * time of its expiry in milliseconds. Its state is a sum, which outlives it.
 */
public final class TokenService extends Application<TokenService.Settings> {
    /** Its configuration. */
    public static final class Settings extends Configuration {
        @JsonProperty
        EventStreamFactory eventStream = new EventStreamFactory();
    }

    /** A reader. */
    record Holder(String getName, Instant expiry) implements Principal {
        @Override
        public String getName() {
            return getName;
        }
    }

    private static long sum;

    private final EventStore store;
    private final EventStreamBundle<Settings> bundle = EventStreamBundle.<Settings>builder()
            .configuration(settings -> settings.eventStream)
            .store((settings, environment) -> store())
            .authFilter((settings, environment) -> new OAuthCredentialAuthFilter.Builder<Holder>()
                    .setAuthenticator(TokenService::authenticate)
                    .setPrefix("Bearer")
                    .buildAuthFilter())
            .validUntil(principal -> ((Holder) principal).expiry())
            .authorizer((reader, channel) -> !channel.value().startsWith("private-")
                    || reader.principal().isPresent())
            .build();

    private TokenService(EventStore store) {
        this.store = store;
    }

    /** A service that can be started. */
    static DropwizardTestSupport<Settings> on(int port, EventStore store) {
        Settings settings = new Settings();
        settings.eventStream.setClientScript("/eventstream.js");
        settings.eventStream.setKeepAlive(Duration.seconds(1));
        settings.eventStream.setDrain(Duration.milliseconds(100));
        settings.eventStream.getLimits().setChannelsPerStream(30);
        settings.eventStream.getLimits().setDataCharacters(16_777_216);
        DefaultServerFactory server = (DefaultServerFactory) settings.getServerFactory();
        ((HttpConnectorFactory) server.getApplicationConnectors().get(0)).setPort(port);
        ((HttpConnectorFactory) server.getAdminConnectors().get(0)).setPort(0);
        return new DropwizardTestSupport<>(TokenService.class, settings) {
            @Override
            public Application<Settings> newApplication() {
                return new TokenService(store);
            }
        };
    }

    private static Optional<Holder> authenticate(String token) {
        Instant expiry = Instant.ofEpochMilli(Long.parseLong(token));
        return expiry.isAfter(Instant.now()) ? Optional.of(new Holder("holder", expiry)) : Optional.empty();
    }

    private EventStore store() {
        return store;
    }

    @Override
    public void initialize(Bootstrap<Settings> bootstrap) {
        bootstrap.addBundle(bundle);
    }

    @Override
    public void run(Settings settings, Environment environment) {
        environment.jersey().register(new Pages(bundle.eventStream()));
    }

    EventStream events() {
        return bundle.eventStream();
    }

    /** Changes the state, and sends the change. */
    void add(int number) {
        synchronized (TokenService.class) {
            sum += number;
            events().send("sum", "added", number);
        }
    }

    /** The state and the position to which it belongs. */
    private static Map<String, Object> current(EventStream stream) {
        synchronized (TokenService.class) {
            return Map.of("state", sum, "lastEventId", stream.currentEventId("sum"));
        }
    }

    static long sum() {
        synchronized (TokenService.class) {
            return sum;
        }
    }

    /** A page with the client, and the state with its position. */
    @Path("/")
    public record Pages(EventStream stream) {
        @GET
        @Produces(MediaType.TEXT_HTML)
        public String page() {
            return "<!doctype html><script src=/eventstream.js></script>"
                    + "<script src=/eventstream/eventstream-tabs.js></script>";
        }

        @GET
        @Path("htmx")
        @Produces(MediaType.TEXT_HTML)
        public String htmx() throws IOException {
            return Resources.toString(Resources.getResource("client/htmx.html"), StandardCharsets.UTF_8);
        }

        @GET
        @Path("client/{page}.html")
        @Produces(MediaType.TEXT_HTML)
        public String page(@PathParam("page") String page) throws IOException {
            return Resources.toString(Resources.getResource("client/" + page + ".html"), StandardCharsets.UTF_8);
        }

        @GET
        @Path("client/page.js")
        @Produces("text/javascript")
        public String pageScript() throws IOException {
            return Resources.toString(Resources.getResource("client/page.js"), StandardCharsets.UTF_8);
        }

        @GET
        @Path("webjars/{file: .+}")
        @Produces("text/javascript")
        public byte[] library(@PathParam("file") String file) throws IOException {
            return Resources.toByteArray(Resources.getResource("META-INF/resources/webjars/" + file));
        }

        @GET
        @Path("state")
        @Produces(MediaType.APPLICATION_JSON)
        public Map<String, Object> state() {
            return current(stream);
        }
    }
}
