package dev.eventstream;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.config.AuthFactory;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.http.ReaderAuthentication;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.store.EventStore;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.PooledDataSourceFactory;
import java.security.Principal;
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
 *         .authorizer((reader, channel) -> true) // everybody may read everything
 *         .build();
 *
 * public void initialize(Bootstrap<MyConfiguration> bootstrap) {
 *     bootstrap.addBundle(events);
 * }
 * }</pre>
 *
 * <p>The bundle takes a connection pool of its own, named {@code eventstream}, of the given database. An application whose
 * configuration is not allowed does not start: {@code run} throws {@link IllegalArgumentException} with the YAML key, the
 * value and what is allowed.
 *
 * @param <C> the application's configuration
 */
public final class EventStreamBundle<C extends Configuration> implements ConfiguredBundle<C> {
    private final Function<C, EventStreamFactory> configuration;
    private final BiFunction<C, Environment, LogSource> log;
    private final @Nullable ChannelAuthorizer authorizer;
    private final @Nullable BiFunction<C, Environment, AuthFilter<?, ? extends Principal>> authFilter;
    private final @Nullable BiFunction<C, Environment, Function<String, Optional<? extends Principal>>> principalByName;
    private final List<StreamRoute> routes;
    private final EventStream eventStream = new EventStream();

    private EventStreamBundle(Builder<C> builder) {
        this.configuration = require(builder.configuration, "configuration");
        this.log = chooseLog(builder.database, builder.store);
        this.authorizer = builder.authorizer;
        this.authFilter = builder.authFilter;
        this.principalByName = builder.principalByName;
        this.routes = List.copyOf(builder.routes);
    }

    private static <C> BiFunction<C, Environment, LogSource> chooseLog(
            @Nullable Function<C, PooledDataSourceFactory> database,
            @Nullable BiFunction<C, Environment, EventStore> store) {
        if (store == null) {
            Function<C, PooledDataSourceFactory> found = require(database, "database");
            return (configured, environment) -> LogSource.database(found.apply(configured));
        }
        if (database != null) {
            throw new IllegalStateException(
                    "EventStreamBundle.builder() has both database(…) and store(…); keep one of" + " them");
        }
        return (configured, environment) -> LogSource.store(store.apply(configured, environment));
    }

    private static <T> T require(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException("EventStreamBundle.builder() needs " + name + "(…)");
        }
        return value;
    }

    /** Begins to build a bundle; configuration, database (or store) and an authorizer are needed. */
    public static <C extends Configuration> Builder<C> builder() {
        return new Builder<>();
    }

    /** What sends events. It may be handed on at any time, and works once the bundle has run. */
    public EventStream eventStream() {
        return eventStream;
    }

    @Override
    public void run(C configured, Environment environment) {
        EventStreamFactory factory = configuration.apply(configured);
        factory.check(environment.getValidator());
        ServerChecks.check(configured.getServerFactory(), factory);
        List<StreamRoute> chosen = chooseRoutes(factory);
        PathChecks.check(chosen, factory);
        Assembly.Readers readers = new Assembly.Readers(
                authentication(factory.getAuth(), configured, environment),
                readersByName(factory, configured, environment));
        eventStream.open(new Assembly(environment, factory, chooseAuthorizer(factory), readers)
                .assemble(
                        log.apply(configured, environment),
                        chosen,
                        ServerChecks.maxRequestHead(configured.getServerFactory())));
    }

    private ReadersByName readersByName(EventStreamFactory factory, C configured, Environment environment) {
        if (factory.grip().isPresent() && authFilter != null && principalByName == null) {
            throw new IllegalArgumentException(
                    "eventStream.grip is there, and readers sign in: a proxy asks for them again"
                            + " without their credentials, so say who a name stands for with"
                            + " EventStreamBundle.builder().principalByName(…)");
        }
        return new ReadersByName(
                principalByName == null ? name -> Optional.empty() : principalByName.apply(configured, environment));
    }

    private ChannelAuthorizer chooseAuthorizer(EventStreamFactory factory) {
        ChannelAuthorizer named = factory.buildAuthorizer().orElse(null);
        if ((named == null) == (authorizer == null)) {
            throw new IllegalArgumentException(
                    named == null
                            ? "nobody says who may read which channel: name a ChannelAuthorizer in eventStream.authorizer or"
                                    + " give one to EventStreamBundle.builder().authorizer(…)"
                            : "eventStream.authorizer names an authorizer and EventStreamBundle.builder().authorizer(…) has"
                                    + " another; keep one of them");
        }
        return named != null ? named : require(authorizer, "authorizer");
    }

    private List<StreamRoute> chooseRoutes(EventStreamFactory factory) {
        return routes.isEmpty() ? factory.buildRoutes() : routes;
    }

    private ReaderAuthentication authentication(AuthFactory auth, C configured, Environment environment) {
        return authFilter == null
                ? ReaderAuthentication.none()
                : ReaderAuthentication.with(
                        authFilter.apply(configured, environment), auth.isAccessTokenParameter(), auth.getCookies());
    }

    /**
     * Collects what a bundle needs. Confined to one thread.
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
        private final List<StreamRoute> routes = new ArrayList<>();

        private Builder() {}

        /** Where the {@code eventStream} block is in the application's configuration. */
        public Builder<C> configuration(Function<C, EventStreamFactory> find) {
            this.configuration = find;
            return this;
        }

        /** Where the database is whose tables hold the events; the one of {@code db migrate}. */
        public Builder<C> database(Function<C, PooledDataSourceFactory> find) {
            this.database = find;
            return this;
        }

        /**
         * Keeps the events in a store of your own, in place of {@link #database}; for example in
         * {@link dev.eventstream.store.memory.MemoryEventStore}. The function makes it once, when the bundle runs; give it to
         * {@code environment.lifecycle()} if it has to be started or stopped.
         *
         * <p>Sending within a transaction works with the transactions that your store accepts. Each node trims it, so a trim must
         * tolerate another. Behind a proxy it should have an {@link EventStore#outbox() outbox}.
         */
        public Builder<C> store(BiFunction<C, Environment, EventStore> make) {
            this.store = make;
            return this;
        }

        /** Who may read which channel, unless {@code eventStream.authorizer} names a class. */
        public Builder<C> authorizer(ChannelAuthorizer instance) {
            this.authorizer = instance;
            return this;
        }

        /**
         * How readers show who they are: any Dropwizard auth filter, also a chained one. Without it everybody is anonymous.
         * It is used for the bundle's routes only.
         */
        public Builder<C> authFilter(BiFunction<C, Environment, AuthFilter<?, ? extends Principal>> build) {
            this.authFilter = build;
            return this;
        }

        /**
         * Who a name stands for now, for readers behind a proxy: it asks for what they missed without their credentials, and
         * their rights are looked at again then. Needed with {@code eventStream.grip} and an auth filter. What an authorizer
         * looks at besides the name, such as roles, must be in the principal that this gives back.
         *
         * @param find makes what gives back a principal of that name, or nobody if there is no such user any longer; it may
         *     block and must be thread-safe
         */
        public Builder<C> principalByName(
                BiFunction<C, Environment, Function<String, Optional<? extends Principal>>> find) {
            this.principalByName = find;
            return this;
        }

        /**
         * An address that streams channels, in place of those in {@code eventStream.routes}; may be called several times.
         *
         * @param path such as {@code /rooms/{room}/events}
         * @param channels such as {@code room-{room}}; none if the path or the client names them
         * @throws IllegalArgumentException if the path or a channel is not allowed
         */
        public Builder<C> route(String path, String... channels) {
            routes.add(new StreamRoute(path, List.of(channels)));
            return this;
        }

        /**
         * The bundle.
         *
         * @throws IllegalStateException if the configuration is missing, or if there is not exactly one of database and store
         */
        public EventStreamBundle<C> build() {
            return new EventStreamBundle<>(this);
        }
    }
}
