package dev.eventstream.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.RouteOptions;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.PrincipalImpl;
import io.dropwizard.auth.oauth.OAuthCredentialAuthFilter;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import io.dropwizard.migrations.MigrationsBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jdbi.v3.core.Jdbi;

/** A node: an application as a user would write it, which sends on command. */
public final class TortureService extends Application<TortureService.Settings> {
    private static final int SEND_BUFFER = 16 << 10;

    /** Its configuration. */
    public static final class Settings extends Configuration {
        @JsonProperty
        private DataSourceFactory database = new DataSourceFactory();

        @JsonProperty
        private EventStreamFactory eventStream = new EventStreamFactory();

        /** The file of revoked permissions, one "user channel" pair per line. */
        @JsonProperty
        private String revoked = "";
    }

    /** "user channel" pairs that the authorizer refuses, one per line; all nodes read the same file. */
    private volatile Path revoked = Path.of("none");

    private final EventStreamBundle<Settings> events = EventStreamBundle.<Settings>builder()
            .configuration(settings -> settings.eventStream)
            .database(settings -> settings.database)
            .authorizer(this::mayRead)
            .authFilter((settings, environment) -> authFilter())
            .route("/events")
            .route(Channels.TEMPLATE_ROUTE, Channels.TEMPLATE.toArray(String[]::new))
            .route(Channels.SELECTOR_ROUTE, (reader, request) -> chosen(reader))
            .route(Channels.TYPED_ROUTE, RouteOptions.DEFAULTS.withTypes(Channels.RARE, "message"))
            .route(Channels.START_ROUTE, RouteOptions.DEFAULTS.withStart("now", "last:" + Channels.LONGEST_START))
            .principalByName((settings, environment) -> name -> Optional.of(new PrincipalImpl(name)))
            .build();

    public static void main(String[] arguments) throws Exception {
        new TortureService().run(arguments);
    }

    @Override
    public void initialize(Bootstrap<Settings> bootstrap) {
        bootstrap.addBundle(events);
        bootstrap.addBundle(new MigrationsBundle<>() {
            @Override
            public DataSourceFactory getDataSourceFactory(Settings settings) {
                return settings.database;
            }

            @Override
            public String getMigrationsFileName() {
                return "dev/eventstream/migrations.xml";
            }
        });
    }

    @Override
    public void run(Settings settings, Environment environment) {
        revoked = Path.of(settings.revoked);
        Jdbi jdbi = new JdbiFactory().build(environment, settings.database, "application");
        environment.jersey().register(new TortureResource(events.eventStream(), jdbi));
        // so that a client that does not read is noticed after kilobytes, not megabytes
        environment.lifecycle().addServerLifecycleListener(TortureService::keepBuffersSmall);
    }

    private static void keepBuffersSmall(Server server) {
        for (Connector connector : server.getConnectors()) {
            ((ServerConnector) connector).setAcceptedSendBufferSize(SEND_BUFFER);
        }
    }

    private boolean isRevoked(String pair) {
        try {
            return Files.readAllLines(revoked, StandardCharsets.UTF_8).contains(pair);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ChannelName> chosen(Reader reader) {
        return Channels.chosen(Channels.SELECTOR_ROUTE, reader.user().orElse("")).stream()
                .map(ChannelName::new)
                .toList();
    }

    private boolean mayRead(Reader reader, ChannelName channel) {
        String user = reader.user().orElse("");
        return Permissions.couldRead(user, channel.value()) && !isRevoked(user + ' ' + channel.value());
    }

    private static AuthFilter<?, PrincipalImpl> authFilter() {
        return new OAuthCredentialAuthFilter.Builder<PrincipalImpl>()
                .setAuthenticator(token -> token.startsWith("token-of-")
                        ? Optional.of(new PrincipalImpl(token.substring("token-of-".length())))
                        : Optional.empty())
                .setPrefix("Bearer")
                .buildAuthFilter();
    }
}
