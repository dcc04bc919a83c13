package dev.eventstream;

import com.google.common.base.Ticker;
import dev.eventstream.admin.why.RightsCheck;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.health.EventStoreHealthCheck;
import dev.eventstream.health.LoopsHealthCheck;
import dev.eventstream.health.SendsHealthCheck;
import dev.eventstream.hold.HoldHandler;
import dev.eventstream.http.ChannelAccess;
import dev.eventstream.http.RequestOrigin;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.http.StreamSettings;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.Announcer;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.publisher.EventTracing;
import dev.eventstream.publisher.OutboxSweep;
import dev.eventstream.publisher.TracedAnnouncer;
import dev.eventstream.retention.LogMeasure;
import dev.eventstream.retention.Retention;
import dev.eventstream.retention.RetentionRules;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.Outbox;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.Fanout;
import dev.eventstream.subscriber.FanoutResources;
import dev.eventstream.subscriber.MemoryBudget;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.util.Duration;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Assembles the parts, once, at start. The application's lifecycle starts and stops them. */
final class Assembly {
    private static final Duration DELETE_EVERY = Duration.milliseconds(250);

    /** After an interruption of the bus, the log is polled within this time. */
    private static final Duration LONGEST_POLL_PAUSE = Duration.seconds(1);

    private static final Duration TRIM_EVERY = Duration.seconds(20);
    private static final Duration TRIM_TURN = Duration.seconds(18);

    /** Fan-out threads; one serves ten thousand streams. */
    private static final int SHARDS = 1;

    /** Threads that ask the authorizer again after a change of permissions. */
    private static final int PERMISSION_THREADS = 4;

    /** Threads that ask the authorizer again about streams that have been open for a while. */
    private static final int RECHECK_THREADS = 2;

    /** Threads that ask the authorizer about readers at the proxies. */
    private static final int PROXIED_PERMISSION_THREADS = 2;

    /** Commits of the application that can wait to be announced. */
    private static final int COMMITTED_QUEUE = 200;

    private final Environment environment;
    private final EventStreamFactory factory;
    private final ChannelAuthorizer authorizer;
    private final Readers readers;
    private final Clock clock = Clock.systemUTC();
    private final Heartbeats heartbeats;
    private final EventTracing tracing;
    private final Lifecycle lifecycle;

    Assembly(Environment environment, EventStreamFactory factory, ChannelAuthorizer authorizer, Readers readers) {
        this.environment = environment;
        this.heartbeats = new Heartbeats(Ticker.systemTicker(), environment.metrics());
        this.lifecycle = new Lifecycle(environment.lifecycle(), heartbeats);
        this.factory = factory;
        this.tracing = factory.buildTracing(clock);
        this.authorizer = PresenceAssembly.protect(authorizer, factory);
        this.readers = readers;
    }

    /**
     * Assembles the parts.
     *
     * @param maxRequestHead bytes that the head of a request may have
     */
    Parts assemble(LogSource source, List<StreamRoute> routes, int maxRequestHead) {
        StoredChannels stored = factory.buildStoredChannels();
        RetentionRules rules = factory.getRetention().build();
        ProxyAssembly proxies = factory.grip()
                .map(grip -> new ProxyAssembly(environment, factory, grip, routes, clock, heartbeats))
                .orElse(null);
        LogSource.Log log = source.log(environment, clock, proxies != null);
        EventStore store = log.store();
        RouteChecks.check(routes, store);
        environment.lifecycle().manage(new StoreCheck(store));
        Fanout fanout = fanout(store, stored);
        PresenceAssembly presence = new PresenceAssembly(environment, factory, lifecycle);
        NodeBus bus = new BusAssembly(
                        environment, factory, lifecycle, presence.presence().orElse(null))
                .bus(log, stored, routes, fanout)
                .orElse(null);
        EventPublisher publisher = publisher(store, stored, announcements(store, fanout, bus, proxies));
        presence.run(bus, proxies == null ? List.of() : proxies.proxies(), publisher);
        lifecycle.schedule("poll", fanout.poll(), shorter(factory.getPollInterval(), LONGEST_POLL_PAUSE));
        Retention retention = retention(log, rules);
        LogMeasure measure = new LogMeasure(store, clock, Ticker.systemTicker(), environment.metrics());
        lifecycle.schedule(
                "retention",
                () -> {
                    measure.run();
                    retention.run();
                },
                TRIM_EVERY);
        addHealthChecks(store, publisher);
        factory.deliveryCheckTimeout()
                .ifPresent(limit -> NodeDelivery.addCheck(environment, lifecycle, fanout, publisher, limit));
        ChannelAccess access = new ChannelAccess(authorizer, fanout.changes(), Ticker.systemTicker());
        LimitAssembly limits =
                new LimitAssembly(factory, proxies == null ? () -> 0 : proxies::channelSets, environment.metrics());
        WebAssembly web = new WebAssembly(environment, factory, routes);
        HoldHandler holder = web.addHandlers(fanout, presence);
        RequestOrigin origin = proxies == null
                ? RequestOrigin.direct(Ticker.systemTicker())
                : proxies.requestOrigin(
                        fanout.streamStart(),
                        access,
                        maxRequestHead,
                        readers.byName(),
                        limits.limits(),
                        presence.channels());
        web.addPresence(presence.lookup(), authorizer, readers, origin);
        web.addResources(fanout, limits.admission(fanout.streamStart()), publisher, access, readers, origin);
        Permissions permissions = permissions(fanout, bus, proxies);
        AdminAssembly admin =
                new AdminAssembly(environment, factory, store, stored, fanout, holder, permissions, heartbeats);
        admin.addTrimTask();
        admin.addPages(bus, proxies, new RightsCheck(authorizer, readers.byName(), lifecycle.executor("admin", 1)));
        return new Parts(environment.getObjectMapper(), publisher, store, permissions, presence.lookup());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.toMilliseconds() < other.toMilliseconds() ? one : other;
    }

    private Fanout fanout(EventStore store, StoredChannels stored) {
        FanoutResources resources = new FanoutResources(
                lifecycle.executor("catch-up", factory.getCatchUpThreads()),
                factory.getCatchUpThreads(),
                lifecycle.executor("permissions", PERMISSION_THREADS),
                lifecycle.executor("recheck", RECHECK_THREADS),
                factory.buildStreamTerms(clock),
                SHARDS,
                new MemoryBudget(factory.memoryBytes()),
                factory.getPollInterval().toJavaDuration(),
                tracing,
                Ticker.systemTicker(),
                heartbeats);
        ExecutorService owner = lifecycle.executor("fanout", SHARDS);
        Fanout fanout = new Fanout(store, stored, authorizer, readers.byName(), resources, environment.metrics());
        environment.lifecycle().manage(new Managed() {
            @Override
            public void start() {
                fanout.start(owner);
            }

            @Override
            public void stop() throws InterruptedException {
                fanout.stop();
            }
        });
        return fanout;
    }

    // a proxy's readers do not read the log by themselves, so outbox rows record what has not been announced to them
    private Announcements announcements(
            EventStore store, Fanout fanout, @Nullable NodeBus bus, @Nullable ProxyAssembly proxies) {
        List<Announcer> announcers = new ArrayList<>();
        announcers.add(fanout);
        if (bus != null) {
            announcers.add(bus);
        }
        if (proxies == null) {
            return new Announcements(announcers, environment.metrics());
        }
        announcers.add(
                tracing.isOn()
                        ? new TracedAnnouncer(proxies.lanes(), tracing, EventTracing.Target.PROXIES)
                        : proxies.lanes());
        Optional<Outbox> outbox = store.outbox();
        Announcements announcements = outbox.map(
                        rows -> new Announcements(announcers, rows, Ticker.systemTicker(), environment.metrics()))
                .orElseGet(() -> new Announcements(announcers, environment.metrics()));
        // managed before the lanes and the thread that deletes, so that it stops last
        lifecycle.onStop(announcements::deleteAnnounced);
        proxies.manageLanes();
        proxies.addHealthChecks();
        outbox.ifPresent(rows -> {
            lifecycle.schedule("announced", announcements::deleteAnnounced, DELETE_EVERY);
            lifecycle.schedule(
                    "sweep",
                    new OutboxSweep(store, rows, announcements, environment.metrics()),
                    factory.getSweepInterval());
        });
        return announcements;
    }

    // the queries after an application's commit stay off its thread, unless there are more than one thread can run
    private EventPublisher publisher(EventStore store, StoredChannels stored, Announcements announcements) {
        return new EventPublisher(
                store,
                stored,
                announcements,
                factory.buildSendSettings(),
                lifecycle.executorOrCaller("committed", COMMITTED_QUEUE),
                Ticker.systemTicker(),
                tracing,
                environment.metrics());
    }

    private Retention retention(LogSource.Log log, RetentionRules rules) {
        return new Retention(
                log.store(),
                log.lease(),
                clock,
                Ticker.systemTicker(),
                rules,
                TRIM_TURN.toJavaDuration(),
                environment.metrics());
    }

    private void addHealthChecks(EventStore store, EventPublisher publisher) {
        environment.healthChecks().register("eventstream-store", new EventStoreHealthCheck(store));
        environment.healthChecks().register("eventstream-loops", new LoopsHealthCheck(heartbeats));
        environment.healthChecks().register("eventstream-sends", new SendsHealthCheck(publisher::waitingLong));
    }

    private Permissions permissions(Fanout fanout, @Nullable NodeBus bus, @Nullable ProxyAssembly proxies) {
        StreamSettings settings = factory.buildSettings();
        List<Permissions> all = new ArrayList<>();
        if (bus != null) {
            all.add(bus::accessChanged);
        }
        all.add(fanout::apply);
        if (proxies != null) {
            all.add(new ProxiedPermissions(
                    proxies.lanes(),
                    authorizer,
                    readers.byName(),
                    heartbeats.watched(
                            "proxied-permissions",
                            lifecycle.executor("proxied-permissions", PROXIED_PERMISSION_THREADS)),
                    () -> StreamFrame.TemporaryFailure.ofStream(settings.randomRetry())));
        }
        return change -> all.forEach(permissions -> permissions.changed(change));
    }
}
