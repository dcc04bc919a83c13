package dev.eventstream;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.PrincipalImpl;
import io.dropwizard.auth.basic.BasicCredentialAuthFilter;
import io.dropwizard.auth.basic.BasicCredentials;
import io.dropwizard.auth.chained.ChainedAuthFilter;
import io.dropwizard.auth.oauth.OAuthCredentialAuthFilter;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.migrations.MigrationsBundle;
import io.dropwizard.servlets.tasks.Task;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.Response;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** An application as a user would write it, for tests of the whole bundle. */
public final class TestService extends Application<TestService.Settings> {
    /** Its configuration. */
    public static final class Settings extends Configuration {
        @JsonProperty
        private DataSourceFactory database = new DataSourceFactory();

        @JsonProperty
        private EventStreamFactory eventStream = new EventStreamFactory();
    }

    /**
     * Allows everything except {@code secret-…} channels, {@code members-…} channels for anonymous readers, and the pairs in
     * {@link #revoked}. Fails for {@code broken-…} channels and those in {@link #broken}, and waits for those in {@link #slow}. Only
     * {@code host-…} users may see the names of other readers.
     */
    public static final class Rules implements ChannelAuthorizer {
        private final Set<String> revoked;
        private final Set<String> broken;
        private final Map<String, CountDownLatch> slow;

        Rules(Set<String> revoked, Set<String> broken, Map<String, CountDownLatch> slow) {
            this.revoked = revoked;
            this.broken = broken;
            this.slow = slow;
        }

        @Override
        public boolean mayRead(Reader reader, ChannelName channel) {
            String name = channel.value();
            if (name.startsWith("broken-") || broken.contains(name)) {
                throw new IllegalStateException("the authorizer is broken");
            }
            CountDownLatch wanted = slow.get(name);
            if (wanted != null) {
                Uninterruptibles.awaitUninterruptibly(wanted);
            }
            String user = reader.user().orElse("");
            return !name.startsWith("secret-")
                    && !(name.startsWith("members-") && user.isEmpty())
                    && !revoked.contains(user + " " + name);
        }

        @Override
        public boolean mayReadPresence(Reader reader, ChannelName channel) {
            return reader.user().filter(user -> user.startsWith("host-")).isPresent();
        }
    }

    /** "user channel" pairs that the authorizer refuses. */
    public final Set<String> revoked = ConcurrentHashMap.newKeySet();

    /** Channels for which the authorizer fails. */
    public final Set<String> broken = ConcurrentHashMap.newKeySet();

    /** Channels about which the authorizer decides only after the latch has opened. */
    public final Map<String, CountDownLatch> slow = new ConcurrentHashMap<>();

    /** When the credentials of users expire; those of other users do not. */
    public final Map<String, Instant> expiries = new ConcurrentHashMap<>();

    /** Users who no longer exist. */
    public final Set<String> gone = ConcurrentHashMap.newKeySet();

    /** The path and query of every request. */
    public final Queue<String> requests = new ConcurrentLinkedQueue<>();

    private final EventStreamBundle<Settings> events = EventStreamBundle.<Settings>builder()
            .configuration(settings -> settings.eventStream)
            .database(settings -> settings.database)
            .authorizer(new Rules(revoked, broken, slow))
            .authFilter((settings, environment) -> authFilter())
            .principalByName((settings, environment) ->
                    name -> gone.contains(name) ? Optional.empty() : Optional.of(new PrincipalImpl(name)))
            .validUntil(principal -> expiries.getOrDefault(principal.getName(), Instant.MAX))
            .build();

    public static void main(String[] arguments) throws Exception {
        new TestService().run(arguments);
    }

    public EventStream eventStream() {
        return events.eventStream();
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
        environment.admin().addTask(new RevokeTask());
        environment.jersey().register((ContainerRequestFilter)
                request -> requests.add(request.getUriInfo().getRequestUri().toString()));
    }

    /** Revokes the permission of {@code users} users, {@code user-0} and so on, to read a {@code channel}, from eight threads. */
    private final class RevokeTask extends Task {
        RevokeTask() {
            super("revoke");
        }

        @Override
        public void execute(Map<String, List<String>> parameters, PrintWriter output) throws InterruptedException {
            String channel = parameters.getOrDefault("channel", List.of()).get(0);
            int users =
                    Integer.parseInt(parameters.getOrDefault("users", List.of()).get(0));
            IntStream.range(0, users).forEach(i -> revoked.add("user-" + i + ' ' + channel));
            ExecutorService callers = Executors.newFixedThreadPool(8);
            IntStream.range(0, users)
                    .forEach(i -> callers.execute(() -> eventStream().channelPermissionChanged("user-" + i, channel)));
            callers.shutdown();
            output.println(callers.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    private static AuthFilter<?, PrincipalImpl> authFilter() {
        BasicCredentialAuthFilter<PrincipalImpl> basic = new BasicCredentialAuthFilter.Builder<PrincipalImpl>()
                .setAuthenticator(TestService::authenticate)
                .setRealm("test")
                .buildAuthFilter();
        OAuthCredentialAuthFilter<PrincipalImpl> bearer = new OAuthCredentialAuthFilter.Builder<PrincipalImpl>()
                .setAuthenticator(token -> token.startsWith("token-of-")
                        ? Optional.of(new PrincipalImpl(token.substring("token-of-".length())))
                        : Optional.empty())
                .setPrefix("Bearer")
                .buildAuthFilter();
        return new ChainedAuthFilter<>(List.of(basic, bearer, new SessionFilter()));
    }

    /**
     * Takes the user from a cookie {@code session=of-NAME}, where {@code half} means half a surrogate pair. With
     * {@code session=abort} it aborts the request, and with {@code session=throw} it throws.
     */
    private static final class SessionFilter extends AuthFilter<String, PrincipalImpl> {
        SessionFilter() {
            authenticator = session -> session.startsWith("of-")
                    ? Optional.of(
                            new PrincipalImpl(session.substring("of-".length()).replace("half", "\uD83D")))
                    : Optional.empty();
        }

        @Override
        public void filter(ContainerRequestContext request) {
            Cookie cookie = request.getCookies().get("session");
            String session = cookie == null ? null : cookie.getValue();
            if ("abort".equals(session)) {
                request.abortWith(Response.status(Response.Status.FORBIDDEN)
                        .entity("go away\n")
                        .build());
            } else if ("throw".equals(session)) {
                throw new IllegalStateException("the session store is gone");
            } else if (!authenticate(request, session, "COOKIE")) {
                throw new WebApplicationException(Response.Status.UNAUTHORIZED);
            }
        }
    }

    private static Optional<PrincipalImpl> authenticate(BasicCredentials credentials) {
        return credentials.getPassword().equals("right")
                ? Optional.of(new PrincipalImpl(credentials.getUsername()))
                : Optional.empty();
    }
}
