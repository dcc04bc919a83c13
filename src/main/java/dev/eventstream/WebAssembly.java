package dev.eventstream;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.PresenceFactory;
import dev.eventstream.config.PublishFactory;
import dev.eventstream.health.DrainHealthCheck;
import dev.eventstream.hold.HoldHandler;
import dev.eventstream.hold.StartQueue;
import dev.eventstream.http.ChannelAccess;
import dev.eventstream.http.ClientFiles;
import dev.eventstream.http.ClientScriptResource;
import dev.eventstream.http.CrossSiteCheck;
import dev.eventstream.http.EventsResource;
import dev.eventstream.http.InspectorResource;
import dev.eventstream.http.NoStoreFilter;
import dev.eventstream.http.PresenceResource;
import dev.eventstream.http.PublishResource;
import dev.eventstream.http.Refusals;
import dev.eventstream.http.RequestOrigin;
import dev.eventstream.http.StreamAdmission;
import dev.eventstream.http.StreamPaths;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.presence.Presence;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.subscriber.Fanout;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Function;
import org.eclipse.jetty.util.component.LifeCycle;
import org.glassfish.jersey.process.Inflector;
import org.glassfish.jersey.server.model.Resource;

/** Assembles everything that is served under an address, once, at start. */
final class WebAssembly {
    /** Posts of lines that a node reads at the same time, each on its own thread. */
    static final int MAX_LINE_POSTS = 32;

    private final Environment environment;
    private final EventStreamFactory factory;
    private final List<StreamRoute> routes;
    private final Map<String, Resource.Builder> resources = new HashMap<>();

    WebAssembly(Environment environment, EventStreamFactory factory, List<StreamRoute> routes) {
        this.environment = environment;
        this.factory = factory;
        this.routes = routes;
    }

    /**
     * Adds the handlers in front of the servlets: they hold direct streams, queue requests, and apply CORS. Returns the one that holds the
     * streams.
     */
    HoldHandler addHandlers(Fanout fanout, PresenceAssembly presence) {
        HoldHandler holder = new HoldHandler(
                presence.count(fanout::subscribe),
                fanout.memory(),
                factory.getKeepAlive().toJavaDuration(),
                factory.getStallTimeout().toJavaDuration(),
                Ticker.systemTicker());
        environment.getApplicationContext().insertHandler(holder);
        drainBeforeStop(holder);
        String prefix = ServedAddresses.prefix(environment.jersey().getUrlPattern());
        StreamPaths streams = new StreamPaths(routes, prefix);
        StartQueue queue = factory.getLimits().buildStartQueue(streams::contains);
        environment.metrics().gauge("eventstream.starts.waiting", () -> queue::waiting);
        environment.getApplicationContext().insertHandler(queue);
        if (factory.isInspector()) {
            environment.getApplicationContext().insertHandler(new VaryByAccept(streams));
        }
        factory.cors()
                .ifPresent(cors -> environment
                        .getApplicationContext()
                        .insertHandler(cors.build(new StreamPaths(withPresence(), prefix))));
        return holder;
    }

    /** The addresses that pages of other origins may use. */
    private List<StreamRoute> withPresence() {
        List<StreamRoute> all = new ArrayList<>(routes);
        factory.presence().map(PresenceFactory::getPath).map(StreamRoute::at).ifPresent(all::add);
        return all;
    }

    private void drainBeforeStop(HoldHandler holder) {
        environment.healthChecks().register("eventstream-drain", new DrainHealthCheck(holder::isDraining));
        beforeStop(() -> holder.drain(factory.getDrain().toJavaDuration()));
    }

    // a Managed would be too late: the server stops them after its connectors
    private void beforeStop(Runnable work) {
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopping(LifeCycle server) {
                work.run();
            }
        });
    }

    /** Adds the resources. */
    void addResources(
            Fanout fanout,
            StreamAdmission admission,
            EventPublisher publisher,
            ChannelAccess access,
            Readers readers,
            RequestOrigin origin) {
        CrossSiteCheck sites = factory.buildCrossSiteCheck(environment.metrics());
        for (StreamRoute route : routes) {
            addReads(
                    route,
                    MediaType.SERVER_SENT_EVENTS_TYPE,
                    new EventsResource(
                            route,
                            factory.buildSettings(),
                            readers.authentication(),
                            access,
                            fanout.streamStart(),
                            admission,
                            sites,
                            origin,
                            Refusals.ofStreams(environment.metrics()),
                            Clock.systemUTC()));
        }
        environment.jersey().register(new NoStoreFilter(routes));
        if (factory.isInspector()) {
            addInspector(origin);
        }
        factory.publish().ifPresent(publish -> addPosts(publish, publisher, sites));
        factory.clientScript().ifPresent(this::addClient);
        resources
                .values()
                .forEach(resource -> environment.jersey().getResourceConfig().registerResources(resource.build()));
    }

    private void addClient(String script) {
        ClientFiles files = ClientFiles.ofClient();
        PathChecks.clientPaths(script)
                .forEach((path, file) ->
                        at(path).addMethod(HttpMethod.GET).handledBy(new ClientScriptResource(files, file)));
    }

    private void addInspector(RequestOrigin origin) {
        ClientFiles files = ClientFiles.ofInspector();
        InspectorResource page = new InspectorResource(
                origin,
                Refusals.ofStreams(environment.metrics()),
                files,
                factory.publish().map(PublishFactory::getPath).orElse(""));
        routes.forEach(route -> addReads(route, InspectorResource.TYPE, page));
        at(PathChecks.INSPECTOR_FILES)
                .addMethod(HttpMethod.GET)
                .handledBy(new ClientScriptResource(files, ClientFiles.SCRIPT));
    }

    private void addPosts(PublishFactory publish, EventPublisher publisher, CrossSiteCheck sites) {
        ExecutorService linePosts = environment
                .lifecycle()
                .executorService("eventstream-posts-%d")
                .minThreads(0)
                .maxThreads(MAX_LINE_POSTS)
                .workQueue(new SynchronousQueue<>())
                .build();
        PublishResource posts = publish.build(publisher, factory.getLimits(), sites, environment.metrics(), linePosts);
        beforeStop(posts::stop);
        at(publish.getPath())
                .addMethod(HttpMethod.POST)
                .consumes(MediaType.APPLICATION_JSON_TYPE, PublishResource.LINES)
                .handledBy(posts);
    }

    /**
     * Adds the address at which clients ask who is reading a channel, if it is configured. Call this before {@link #addResources}.
     *
     * @param presence finds who is reading a channel
     */
    void addPresence(
            Function<ChannelName, Presence> presence,
            ChannelAuthorizer authorizer,
            Readers readers,
            RequestOrigin origin) {
        factory.presence()
                .map(PresenceFactory::getPath)
                .ifPresent(path -> at(path).addMethod(HttpMethod.GET)
                        .produces(MediaType.APPLICATION_JSON_TYPE)
                        .handledBy(new PresenceResource(
                                presence,
                                authorizer,
                                readers.authentication(),
                                factory.buildCrossSiteCheck(environment.metrics()),
                                origin,
                                Ticker.systemTicker())));
    }

    // by default JAX-RS answers HEAD with a GET whose body is thrown away
    private void addReads(StreamRoute route, MediaType type, Inflector<ContainerRequestContext, Response> resource) {
        for (String method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            at(route.path()).addMethod(method).produces(type).handledBy(resource);
        }
    }

    private Resource.Builder at(String path) {
        return resources.computeIfAbsent(path, Resource::builder);
    }
}
