package dev.eventstream;

import com.google.common.base.Ticker;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.eventstream.admin.TrimGuard;
import dev.eventstream.admin.TrimTask;
import dev.eventstream.bus.DatabaseBus;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.health.EventStoreHealthCheck;
import dev.eventstream.health.LoopsHealthCheck;
import dev.eventstream.health.SendsHealthCheck;
import dev.eventstream.hold.HoldHandler;
import dev.eventstream.http.ClientScriptResource;
import dev.eventstream.http.EventsResource;
import dev.eventstream.http.NoStoreFilter;
import dev.eventstream.http.ReaderAuthentication;
import dev.eventstream.http.RequestOrigin;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.loop.Heartbeat;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.Announcer;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.publisher.OutboxSweep;
import dev.eventstream.retention.Retention;
import dev.eventstream.retention.RetentionRules;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.Outbox;
import dev.eventstream.subscriber.Fanout;
import dev.eventstream.subscriber.MemoryBudget;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.util.Duration;
import jakarta.servlet.DispatcherType;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.server.model.Resource;
import org.jspecify.annotations.Nullable;

/** Puts the parts together, once, at start. The application's lifecycle starts and stops them. */
final class Assembly {
    private static final Duration DELETE_EVERY = Duration.milliseconds(250);
    private static final Duration TRIM_EVERY = Duration.seconds(20);
    private static final Duration TRIM_TURN = Duration.seconds(18);
    /** Fan-out threads; one serves ten thousand streams. */
    private static final int SHARDS = 1;

    /** Threads that ask the authorizer again after a change of permissions. */
    private static final int PERMISSION_THREADS = 2;

    private static final Duration STOP_TIMEOUT = Duration.seconds(5);
    private static final int COMMITTED_QUEUE = 200;
    /** Longer than a round of a scheduled loop takes, however slow the database. */
    private static final java.time.Duration LONGEST_ROUND = java.time.Duration.ofSeconds(60);

    private final Environment environment;
    private final EventStreamFactory factory;
    private final ChannelAuthorizer authorizer;
    private final Readers readers;
    private final Clock clock = Clock.systemUTC();
    private final Heartbeats heartbeats;

    Assembly(Environment environment, EventStreamFactory factory, ChannelAuthorizer authorizer, Readers readers) {
        this.environment = environment;
        this.heartbeats = new Heartbeats(Ticker.systemTicker(), environment.metrics());
        this.factory = factory;
        this.authorizer = authorizer;
        this.readers = readers;
    }

    /**
     * How readers are known.
     *
     * @param authentication who asks
     * @param byName who is meant where only a name is known
     */
    record Readers(ReaderAuthentication authentication, ReadersByName byName) {}

    Parts assemble(LogSource source, List<StreamRoute> routes, int maxRequestHead) {
        StoredChannels stored = factory.buildStoredChannels();
        RetentionRules rules = factory.getRetention().build();
        ProxyAssembly proxies = factory.grip()
                .map(grip -> new ProxyAssembly(environment, factory, grip, clock, heartbeats))
                .orElse(null);
        LogSource.Log log = source.log(environment, clock, proxies != null);
        EventStore store = log.store();
        environment.lifecycle().manage(new StoreCheck(store));
        Fanout fanout = fanout(store, stored);
        Announcements announcements = announcements(store, fanout, proxies);
        EventPublisher publisher = new EventPublisher(
                store,
                stored,
                announcements,
                factory.buildSendSettings(),
                afterCommit(),
                Ticker.systemTicker(),
                environment.metrics());
        schedule("bus", new DatabaseBus(store, fanout::channels, fanout::announceNewest), factory.getPollInterval());
        schedule("retention", retention(log, rules), TRIM_EVERY);
        environment.admin().addTask(new TrimTask(store));
        environment
                .admin()
                .addFilter("eventstream-trim", new TrimGuard())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, TrimGuard.PATH);
        environment.healthChecks().register("eventstream-store", new EventStoreHealthCheck(store));
        environment.healthChecks().register("eventstream-loops", new LoopsHealthCheck(heartbeats));
        environment.healthChecks().register("eventstream-sends", new SendsHealthCheck(publisher::waitingLong));
        addHandlers(fanout, routes);
        RequestOrigin gate = proxies == null
                ? RequestOrigin.direct()
                : proxies.gate(fanout.streamStart(), authorizer, maxRequestHead, readers.byName());
        addResources(fanout, publisher, routes, gate);
        return new Parts(environment.getObjectMapper(), publisher, store, permissions(fanout, proxies));
    }

    private Permissions permissions(Fanout fanout, @Nullable ProxyAssembly proxies) {
        return proxies == null
                ? fanout::recheck
                : new ProxiedPermissions(fanout, proxies.lanes(), authorizer, readers.byName());
    }

    // readers of a proxy do not look into the log by themselves, so a row says what they have not been told
    private Announcements announcements(EventStore store, Fanout fanout, @Nullable ProxyAssembly proxies) {
        if (proxies == null) {
            return new Announcements(List.of(fanout), environment.metrics());
        }
        Optional<Outbox> outbox = store.outbox();
        List<Announcer> announcers = List.of(fanout, proxies.lanes());
        Announcements announcements = outbox.map(
                        rows -> new Announcements(announcers, rows, Ticker.systemTicker(), environment.metrics()))
                .orElseGet(() -> new Announcements(announcers, environment.metrics()));
        // managed before the lanes and the thread that deletes, so that it is the last to do so
        environment.lifecycle().manage(new Managed() {
            @Override
            public void stop() {
                announcements.deleteAnnounced();
            }
        });
        proxies.manageLanes();
        proxies.addHealthChecks();
        outbox.ifPresent(rows -> {
            schedule("announced", announcements::deleteAnnounced, DELETE_EVERY);
            schedule(
                    "sweep",
                    new OutboxSweep(store, rows, announcements, environment.metrics()),
                    factory.getSweepInterval());
        });
        return announcements;
    }

    /** Keeps the queries after an application's commit off its thread, unless there are more of them than one thread can do. */
    private Executor afterCommit() {
        ExecutorService executor = environment
                .lifecycle()
                .executorService("eventstream-committed-%d")
                .minThreads(1)
                .maxThreads(1)
                .workQueue(new ArrayBlockingQueue<>(COMMITTED_QUEUE))
                .shutdownTime(STOP_TIMEOUT)
                .build();
        return task -> {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) { // the queue is full, or the executor has stopped
                task.run();
            }
        };
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

    private Fanout fanout(EventStore store, StoredChannels stored) {
        Fanout.Resources resources = new Fanout.Resources(
                executor("catch-up", factory.getCatchUpThreads()),
                factory.getCatchUpThreads(),
                executor("permissions", PERMISSION_THREADS),
                SHARDS,
                new MemoryBudget(factory.memoryBytes()),
                Ticker.systemTicker(),
                heartbeats);
        ExecutorService owner = executor("fanout", SHARDS);
        Fanout fanout = new Fanout(store, stored, authorizer, resources, environment.metrics());
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

    private ExecutorService executor(String name, int threads) {
        return environment
                .lifecycle()
                .executorService("eventstream-" + name + "-%d")
                .minThreads(threads)
                .maxThreads(threads)
                .shutdownTime(STOP_TIMEOUT)
                .build();
    }

    private void schedule(String name, Runnable task, Duration period) {
        Heartbeat heartbeat = heartbeats.add(name, period.toJavaDuration().plus(LONGEST_ROUND));
        // the name of the executor is also that of its metrics
        ScheduledExecutorService executor = environment
                .lifecycle()
                .scheduledExecutorService(
                        "eventstream-" + name,
                        new ThreadFactoryBuilder()
                                .setNameFormat("eventstream-" + name + "-%d")
                                .build())
                .threads(1)
                .shutdownTime(STOP_TIMEOUT)
                .removeOnCancelPolicy(true)
                .build();
        environment.lifecycle().manage(new Managed() {
            @Override
            public void start() {
                heartbeat.start();
                Future<?> unused = executor.scheduleWithFixedDelay(
                        () -> heartbeat.run(task),
                        period.toMilliseconds(),
                        period.toMilliseconds(),
                        TimeUnit.MILLISECONDS);
            }

            @Override
            public void stop() {
                heartbeat.stop();
            }
        });
    }

    private void addHandlers(Fanout fanout, List<StreamRoute> routes) {
        environment
                .getApplicationContext()
                .insertHandler(new HoldHandler(
                        (instruction, sink) -> fanout.subscribe(
                                instruction.reader(), instruction.channels(), instruction.position(), sink),
                        fanout.memory(),
                        factory.getKeepAlive().toJavaDuration(),
                        factory.getStallTimeout().toJavaDuration(),
                        Ticker.systemTicker()));
        String prefix = environment.jersey().getUrlPattern().replaceAll("/?\\*$", "");
        factory.cors().ifPresent(cors -> environment.getApplicationContext().insertHandler(cors.build(routes, prefix)));
    }

    private void addResources(Fanout fanout, EventPublisher publisher, List<StreamRoute> routes, RequestOrigin gate) {
        Map<String, Resource.Builder> resources = new HashMap<>();
        for (StreamRoute route : routes) {
            EventsResource events = new EventsResource(
                    route,
                    factory.buildSettings(),
                    readers.authentication(),
                    authorizer,
                    fanout.streamStart(),
                    fanout::openStreams,
                    gate);
            // what JAX-RS makes of HEAD by itself is a GET whose answer is thrown away
            for (String method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
                at(route.path(), resources)
                        .addMethod(method)
                        .produces(MediaType.SERVER_SENT_EVENTS_TYPE)
                        .handledBy(events);
            }
        }
        environment.jersey().register(new NoStoreFilter(routes));
        factory.publish()
                .ifPresent(publish -> at(publish.getPath(), resources)
                        .addMethod(HttpMethod.POST)
                        .consumes(MediaType.APPLICATION_JSON_TYPE)
                        .handledBy(publish.build(publisher)));
        factory.clientScript()
                .ifPresent(path -> at(path, resources).addMethod(HttpMethod.GET).handledBy(new ClientScriptResource()));
        resources
                .values()
                .forEach(resource -> environment.jersey().getResourceConfig().registerResources(resource.build()));
    }

    private static Resource.Builder at(String path, Map<String, Resource.Builder> resources) {
        return resources.computeIfAbsent(path, Resource::builder);
    }
}
