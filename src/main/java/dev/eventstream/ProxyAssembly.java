package dev.eventstream;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.GripFactory;
import dev.eventstream.config.GripProxy;
import dev.eventstream.control.Proxies;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.http.NextResource;
import dev.eventstream.http.ProxiedStreamSettings;
import dev.eventstream.http.ProxiedStreams;
import dev.eventstream.http.ProxyGate;
import dev.eventstream.subscriber.CatchUp;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.util.Duration;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.MediaType;
import java.security.Principal;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.glassfish.jersey.server.model.Resource;

/** Puts together what {@code eventStream.grip} asks for, once, at start. */
final class ProxyAssembly {
    private static final Duration STOP_TIMEOUT = Duration.seconds(10);

    private final Environment environment;
    private final EventStreamFactory factory;
    private final GripFactory grip;
    private final List<GripProxy> proxies;
    private final LinkBudget budget;
    private final Proxies lanes;
    private final Clock clock;

    ProxyAssembly(Environment environment, EventStreamFactory factory, GripFactory grip, Clock clock) {
        this.environment = environment;
        this.factory = factory;
        this.grip = grip;
        this.proxies = grip.buildProxies(clock);
        this.budget = grip.buildLinkBudget();
        this.lanes = new Proxies(proxies.stream().map(GripProxy::lane).toList(), environment.metrics());
        this.clock = clock;
    }

    /** Has the lanes started and stopped with the application. */
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

    /** What events are announced to. */
    Proxies lanes() {
        return lanes;
    }

    /**
     * What lets the proxies' requests in and answers them.
     *
     * @param maxRequestHead bytes that the head of a request may have
     * @param principals finds who a name stands for now
     */
    ProxyGate gate(
            CatchUp catchUp,
            ChannelAuthorizer authorizer,
            int maxRequestHead,
            Function<String, Optional<? extends Principal>> principals) {
        NextLinks links = grip.buildLinks(clock);
        ProxiedStreamSettings settings = new ProxiedStreamSettings(
                nextAddress(), factory.getKeepAlive().toJavaDuration(), grip.getMaxSubscriptions(), maxRequestHead);
        ProxyGate gate = ProxyGate.open(
                GripFactory.buildSignatureCheck(proxies, clock)::check,
                grip.getUnsigned() == GripFactory.Unsigned.SERVE,
                new ProxiedStreams(settings, links, budget, catchUp, authorizer, principals));
        addNextResource(gate);
        environment.lifecycle().addServerLifecycleListener(new WideResponseHeads());
        return gate;
    }

    private void addNextResource(ProxyGate gate) {
        Resource.Builder next = Resource.builder(grip.getNextPath() + "/{" + NextResource.DIGEST + '}');
        next.addMethod(HttpMethod.GET)
                .produces(MediaType.SERVER_SENT_EVENTS_TYPE)
                .handledBy(new NextResource(gate));
        environment.jersey().getResourceConfig().registerResources(next.build());
    }

    private String nextAddress() {
        String context = environment.getApplicationContext().getContextPath();
        String root = environment.jersey().getUrlPattern().replaceAll("/?\\*$", "");
        return (context.equals("/") ? "" : context) + root + grip.getNextPath();
    }
}
