package dev.eventstream;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelSelector;
import dev.eventstream.channel.RouteOptions;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.hold.RequestTimers;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.store.EventStore;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.PooledDataSourceFactory;
import java.security.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds stored event streams to a Dropwizard application.
 *
 * <pre>{@code
 * private final EventStreamBundle<MyConfiguration> events = EventStreamBundle.<MyConfiguration>builder()
 *         .configuration(MyConfiguration::getEventStream)
 *         .database(MyConfiguration::getDatabase)
 *         .authorizer((reader, channel) -> true) // every reader may read every channel
 *         .build();
 *
 * public void initialize(Bootstrap<MyConfiguration> bootstrap) {
 *     bootstrap.addBundle(events);
 * }
 * }</pre>
 *
 * <p>An application adds one bundle. The bundle has a separate connection pool, named {@code eventstream}, for the given
 * database. If the configuration is not allowed, the application does not start: {@code run} throws
 * {@link IllegalArgumentException} with the YAML key, the value and what is allowed.
 *
 * @param <C> the application's configuration
 */
public final class EventStreamBundle<C extends Configuration> implements ConfiguredBundle<C> {
    private final BiFunction<C, Environment, LogSource> log;
    private final @Nullable ChannelAuthorizer authorizer;
    private final ReaderSetup<C> readers;
    private final List<StreamRoute> routes;
    private final CommandSources<C> sources;
    private final EventStream eventStream = new EventStream();

    private EventStreamBundle(Builder<C> builder) {
        this.sources = new CommandSources<>(
                Required.inBuilder(builder.configuration, "configuration"),
                builder.database,
                LogSource.withFewConnections(builder.database, builder.store),
                this::checkStart);
        this.log = LogSource.choose(builder.database, builder.store);
        this.authorizer = builder.authorizer;
        this.readers = new ReaderSetup<>(builder.authFilter, builder.principalByName, builder.validUntil);
        this.routes = List.copyOf(builder.routes);
    }

    /** Begins to build a bundle, which needs configuration, database (or store), and an authorizer. */
    public static <C extends Configuration> Builder<C> builder() {
        return new Builder<>();
    }

    /** Sends events. May be passed around at any time, and works once the bundle has run. */
    public EventStream eventStream() {
        return eventStream;
    }

    /** Adds the command {@code events}, unless the application has added one of that name. */
    @Override
    public void initialize(Bootstrap<?> bootstrap) {
        boolean isTaken = bootstrap.getCommands().stream()
                .anyMatch(command -> command.getName().equals(EventsCommand.NAME));
        if (!isTaken) {
            bootstrap.addCommand(new EventsCommand<>(sources));
        }
    }

    @Override
    public void run(C configured, Environment environment) {
        requireOnlyBundle(environment);
        EventStreamFactory factory = sources.factory(configured);
        factory.check(environment.getValidator());
        ServerFactory server = configured.getServerFactory();
        ServerChecks.check(server, factory);
        RequestTimers.register(
                environment.metrics(), ServerChecks.requestMetrics(server, environment.getApplicationContext()));
        List<StreamRoute> chosen = chooseRoutes(factory);
        PathChecks.check(chosen, factory);
        RouteChecks.check(chosen, factory);
        eventStream.open(new Assembly(
                        environment,
                        factory,
                        chooseAuthorizer(factory),
                        readers.build(factory, configured, environment))
                .assemble(log.apply(configured, environment), chosen, ServerChecks.maxRequestHead(server)));
        environment.lifecycle().addServerLifecycleListener(new ServedAddresses(environment, chosen, factory));
    }

    private void requireOnlyBundle(Environment environment) {
        String key = EventStreamBundle.class.getName();
        Object other = environment.getApplicationContext().getAttribute(key);
        if (other != null) {
            throw new IllegalStateException(
                    other == this
                            ? "this EventStreamBundle was added to the application twice; call bootstrap.addBundle(…) once"
                            : "the application has two EventStreamBundles; use one, with a route(…) for each address");
        }
        environment.getApplicationContext().setAttribute(key, this);
    }

    private ChannelAuthorizer chooseAuthorizer(EventStreamFactory factory) {
        ChannelAuthorizer named = factory.buildAuthorizer().orElse(null);
        if ((named == null) == (authorizer == null)) {
            throw new IllegalArgumentException(
                    named == null
                            ? "there is no ChannelAuthorizer, so nobody could read anything: set eventStream.authorizer to the"
                                    + " name of a class, or give an instance to EventStreamBundle.builder().authorizer(…)"
                            : "eventStream.authorizer names an authorizer and EventStreamBundle.builder().authorizer(…) gives"
                                    + " another; keep one of them");
        }
        return named != null ? named : Required.inBuilder(authorizer, "authorizer");
    }

    private void checkStart(EventStreamFactory factory) {
        ChannelAuthorizer unused = chooseAuthorizer(factory);
        List<StreamRoute> chosen = chooseRoutes(factory);
        PathChecks.check(chosen, factory);
        RouteChecks.check(chosen, factory);
    }

    private List<StreamRoute> chooseRoutes(EventStreamFactory factory) {
        return routes.isEmpty() ? factory.buildRoutes() : routes;
    }

    /**
     * Builds a bundle. Confined to one thread.
     *
     * @param <C> the application's configuration
     */
    public static final class Builder<C extends Configuration> {
        private @Nullable Function<C, EventStreamFactory> configuration;
        private @Nullable Function<C, PooledDataSourceFactory> database;
        private @Nullable BiFunction<C, Environment, EventStore> store;
        private @Nullable ChannelAuthorizer authorizer;
        private @Nullable BiFunction<C, Environment, AuthFilter<?, ? extends Principal>> authFilter;
        private @Nullable BiFunction<C, Environment, Function<String, Optional<? extends Principal>>> principalByName;
        private Function<? super Principal, Instant> validUntil = principal -> Instant.MAX;
        private final List<StreamRoute> routes = new ArrayList<>();

        private Builder() {}

        /** Finds the {@code eventStream} block in the application's configuration. Required. */
        public Builder<C> configuration(Function<C, EventStreamFactory> find) {
            this.configuration = find;
            return this;
        }

        /** Finds the database that {@code db migrate} prepared and that stores the events. Required. */
        public Builder<C> database(Function<C, PooledDataSourceFactory> find) {
            this.database = find;
            return this;
        }

        /**
         * Keeps the events in a store of your own instead of {@link #database}; for example in
         * {@link dev.eventstream.store.memory.MemoryEventStore}. The function is called once, when the bundle runs; give the store to
         * {@code environment.lifecycle()} if it has to be started or stopped.
         *
         * <p>Sending within a transaction works with the transactions that your store accepts. Each node trims it, so a trim must
         * tolerate another. Behind a proxy it should have an {@link EventStore#outbox() outbox}.
         */
        public Builder<C> store(BiFunction<C, Environment, EventStore> make) {
            this.store = make;
            return this;
        }

        /** Decides who may read which channel. Required, unless {@code eventStream.authorizer} names a class. */
        public Builder<C> authorizer(ChannelAuthorizer instance) {
            this.authorizer = instance;
            return this;
        }

        /**
         * Authenticates readers: any Dropwizard auth filter, including a chained one. Without it every reader is anonymous.
         * Only the bundle's routes use it.
         */
        public Builder<C> authFilter(BiFunction<C, Environment, AuthFilter<?, ? extends Principal>> build) {
            this.authFilter = build;
            return this;
        }

        /**
         * Finds principals by name, so that the authorizer sees the current rights of a reader whenever it is asked again. Required
         * with {@code eventStream.grip} and an auth filter, because a proxy requests missed events without the reader's
         * credentials. The principals must contain whatever the authorizer reads besides the name, such as roles.
         *
         * @param find builds a function that returns the principal of that name, or empty if the user no longer exists; the
         *     function may block and must be thread-safe
         */
        public Builder<C> principalByName(
                BiFunction<C, Environment, Function<String, Optional<? extends Principal>>> find) {
            this.principalByName = find;
            return this;
        }

        /**
         * Tells when the credentials of a principal expire; {@link Instant#MAX} if they do not, which is the default. A stream ends
         * when its reader's credentials expire, and its client comes back with new ones. The function must be thread-safe.
         */
        public Builder<C> validUntil(Function<? super Principal, Instant> find) {
            this.validUntil = find;
            return this;
        }

        /**
         * Adds an address that streams channels. Routes given here replace those in {@code eventStream.routes}.
         *
         * @param path such as {@code /rooms/{room}/events}
         * @param channels such as {@code room-{room}}; none if the path or the client names the channels. {@code {user}} stands
         *     for the signed-in user, unless the path has a part of that name; readers who have not signed in are refused. With
         *     {@code {user?}}, they get the route's other channels instead.
         * @throws IllegalArgumentException if the path, a channel or an option is not allowed
         */
        public Builder<C> route(String path, String... channels) {
            return route(path, RouteOptions.DEFAULTS, channels);
        }

        /** As {@link #route(String, String...)}, with options. */
        public Builder<C> route(String path, RouteOptions options, String... channels) {
            routes.add(new StreamRoute(path, List.of(channels), options));
            return this;
        }

        /**
         * Adds an address whose channels the application chooses, such as {@code /events/me}. Routes given here replace
         * those in {@code eventStream.routes}.
         *
         * @throws IllegalArgumentException if the path or an option is not allowed
         */
        public Builder<C> route(String path, ChannelSelector selector) {
            return route(path, RouteOptions.DEFAULTS, selector);
        }

        /** As {@link #route(String, ChannelSelector)}, with options. {@code start} also applies to channels new to a client. */
        public Builder<C> route(String path, RouteOptions options, ChannelSelector selector) {
            routes.add(new StreamRoute(path, selector, options));
            return this;
        }

        /**
         * Builds the bundle.
         *
         * @throws IllegalStateException if the configuration is missing, or if there is not exactly one of database and store
         */
        public EventStreamBundle<C> build() {
            return new EventStreamBundle<>(this);
        }
    }
}
