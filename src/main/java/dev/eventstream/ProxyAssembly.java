package dev.eventstream;

import com.codahale.metrics.health.HealthCheckRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.config.DeliveryCheckFactory;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.GripFactory;
import dev.eventstream.config.GripProxy;
import dev.eventstream.control.Proxies;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.health.DeliveryHealthCheck;
import dev.eventstream.health.NextLinksHealthCheck;
import dev.eventstream.health.ProxyHealthCheck;
import dev.eventstream.http.ChannelAccess;
import dev.eventstream.http.DeliveryCheckResource;
import dev.eventstream.http.NextResource;
import dev.eventstream.http.ProxiedEnds;
import dev.eventstream.http.ProxiedStreamSettings;
import dev.eventstream.http.ProxiedStreams;
import dev.eventstream.http.RequestOrigin;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.limit.StreamLimits;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.subscriber.StreamStart;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.util.Duration;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.glassfish.jersey.process.Inflector;
import org.glassfish.jersey.server.model.Resource;

/** Assembles the parts for {@code eventStream.grip}, once, at start. */
final class ProxyAssembly {
    private static final String DELIVERY_CHECK = "/check/";
    private static final Duration STOP_TIMEOUT = Duration.seconds(10);

    private final Environment environment;
    private final EventStreamFactory factory;
    private final GripFactory grip;
    private final List<GripProxy> proxies;
    private final LinkBudget budget;
    private final Proxies lanes;
    private final NextLinks links;
    private final Clock clock;

    ProxyAssembly(
            Environment environment,
            EventStreamFactory factory,
            GripFactory grip,
            List<StreamRoute> routes,
            Clock clock,
            Heartbeats heartbeats) {
        this.environment = environment;
        this.factory = factory;
        this.grip = grip;
        this.proxies = grip.buildProxies(clock);
        this.budget = grip.buildLinkBudget(factory.getLimits());
        this.links = grip.buildLinks(clock);
        this.lanes = new Proxies(
                proxies.stream().map(GripProxy::lane).toList(),
                routes.stream().anyMatch(StreamRoute::mayFilterTypes),
                environment.metrics(),
                heartbeats,
                Ticker.systemTicker());
        this.clock = clock;
    }

    /** Starts and stops the lanes with the application. */
    void manageLanes() {
        ExecutorService threads = environment
                .lifecycle()
                .executorService("eventstream-proxy-%d")
                .minThreads(proxies.size())
                .maxThreads(proxies.size())
                .shutdownTime(STOP_TIMEOUT)
                .build();
        environment.lifecycle().manage(new Managed() {
            @Override
            public void start() {
                lanes.start(threads);
            }

            @Override
            public void stop() throws InterruptedException {
                lanes.stop();
            }
        });
    }

    /** How many sets of channels are in use behind proxies. */
    int channelSets() {
        return budget.sets();
    }

    /** The proxies. */
    List<GripProxy> proxies() {
        return proxies;
    }

    /** The lanes that announce events. */
    Proxies lanes() {
        return lanes;
    }

    /**
     * Recognises and answers the proxies' requests.
     *
     * @param maxRequestHead bytes that the head of a request may have
     * @param readers finds the reader that a link names
     * @param limits what this node accepts
     * @param presence the channels whose readers are counted
     */
    RequestOrigin requestOrigin(
            StreamStart catchUp,
            ChannelAccess access,
            int maxRequestHead,
            ReadersByName readers,
            StreamLimits limits,
            PresenceChannels presence) {
        ProxiedStreamSettings settings = new ProxiedStreamSettings(
                nextAddress(),
                factory.getKeepAlive().toJavaDuration(),
                grip.getMaxSubscriptions(),
                maxRequestHead,
                proxies.stream().anyMatch(proxy -> proxy.statsUri() != null) ? presence : PresenceChannels.NONE);
        RequestOrigin origin = RequestOrigin.open(
                GripFactory.buildGripSigVerifier(proxies, clock)::check,
                !grip.refusesUnsigned(),
                new ProxiedStreams(
                        settings,
                        links,
                        budget,
                        catchUp,
                        access,
                        readers,
                        new ProxiedEnds(factory.buildStreamTerms(clock)),
                        limits,
                        Ticker.systemTicker()),
                Ticker.systemTicker());
        addResource("/{" + NextResource.DIGEST + '}', new NextResource(origin, Ticker.systemTicker()));
        if (grip.getProxies().stream().anyMatch(proxy -> proxy.deliveryCheck().isPresent())) {
            addResource(
                    DELIVERY_CHECK + "{" + DeliveryCheckResource.TOKEN + '}',
                    new DeliveryCheckResource(origin, links, settings.keepAlive()));
        }
        environment.lifecycle().addServerLifecycleListener(new LargeResponseHeaders());
        return origin;
    }

    private void addResource(String path, Inflector<ContainerRequestContext, Response> handler) {
        Resource.Builder resource = Resource.builder(grip.getNextPath() + path);
        resource.addMethod(HttpMethod.GET)
                .produces(MediaType.SERVER_SENT_EVENTS_TYPE)
                .handledBy(handler);
        environment.jersey().getResourceConfig().registerResources(resource.build());
    }

    /** Adds the health checks of the proxies. */
    void addHealthChecks() {
        HealthCheckRegistry checks = environment.healthChecks();
        lanes.health().stream().map(ProxyHealthCheck::new).forEach(check -> checks.register(check.name(), check));
        environment.metrics().gauge("eventstream.next-links", () -> budget::links);
        environment.metrics().gauge("eventstream.next-links.limit", () -> budget::capacity);
        checks.register("eventstream-next-links", new NextLinksHealthCheck(budget));
        for (int i = 0; i < proxies.size(); i++) {
            GripProxy proxy = proxies.get(i);
            String key = "eventStream.grip.proxies[" + i + "].deliveryCheck";
            grip.getProxies().get(i).deliveryCheck().ifPresent(check -> addDeliveryCheck(proxy, check, key));
        }
    }

    // not through the log: the event is needed only for a moment, and only by this check
    private void addDeliveryCheck(GripProxy proxy, DeliveryCheckFactory check, String key) {
        String token = links.newCheckToken();
        ChannelName channel = DeliveryCheckResource.channel(token);
        DeliveryHealthCheck delivery = new DeliveryHealthCheck(
                proxy.name(),
                URI.create(proxy.publicUri() + nextAddress() + DELIVERY_CHECK + token),
                text -> {
                    CompletableFuture<?> unused = lanes.announce(
                            List.of(Event.unstored(NewEvent.text(channel.value(), "delivery-check", text))));
                },
                check.getTimeout().toJavaDuration(),
                key,
                Ticker.systemTicker(),
                environment.metrics().timer("eventstream.proxy." + proxy.name() + ".delivery"));
        environment.healthChecks().register(delivery.name(), delivery);
    }

    private String nextAddress() {
        return ServedAddresses.prefix(environment.getApplicationContext().getContextPath())
                + ServedAddresses.prefix(environment.jersey().getUrlPattern())
                + grip.getNextPath();
    }
}
