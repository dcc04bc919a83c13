package dev.eventstream;

import com.google.common.base.Ticker;
import dev.eventstream.bus.BusVisitor;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.command.CommandFailedException;
import dev.eventstream.command.OpenLog;
import dev.eventstream.command.ProxyKicks;
import dev.eventstream.config.BusFactory;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.GripFactory;
import dev.eventstream.config.GripProxy;
import dev.eventstream.control.Proxies;
import dev.eventstream.control.ProxySettings;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import org.eclipse.jetty.util.component.ContainerLifeCycle;

/** Opens the log of an application for a command, and closes it. Confined to the thread of the command. */
final class OpenedLog {
    private final ContainerLifeCycle parts = new ContainerLifeCycle();
    private final OpenLog log;

    /**
     * @throws CommandFailedException if the events are in the memory of another process
     */
    OpenedLog(Environment environment, EventStreamFactory factory, LogSource source) throws Exception {
        Clock clock = Clock.systemUTC();
        LogSource.Log found = source.log(environment, clock, factory.grip().isPresent());
        if (found.store() instanceof MemoryEventStore) {
            throw new CommandFailedException("the application keeps its events in the memory of its process"
                    + " (MemoryEventStore), which no other process can reach");
        }
        StoredChannels stored = factory.buildStoredChannels();
        // readers are not announced to: nodes find the events in the log, or in the outbox
        EventPublisher publisher = new EventPublisher(
                found.store(),
                stored,
                new Announcements(List.of(), environment.metrics()),
                factory.buildSendSettings(),
                Runnable::run,
                Ticker.systemTicker(),
                environment.metrics());
        this.log = new OpenLog(
                found.store(),
                publisher,
                factory.getBus()
                        .build(new BusFactory.Setup(environment, found.database(), factory.getPollInterval()))
                        .map(BusVisitor::new)
                        .orElse(null),
                factory.grip().map(grip -> proxies(grip, environment)).orElse(null),
                stored,
                factory.getRetention().build(),
                factory.getLimits().getDataCharacters(),
                environment.getObjectMapper(),
                clock);
        environment.lifecycle().attach(parts);
        parts.start();
    }

    private static ProxyKicks proxies(GripFactory grip, Environment environment) {
        List<ProxySettings> proxies = grip.buildProxies(Clock.systemUTC()).stream()
                .map(GripProxy::lane)
                .toList();
        Executor threads = environment
                .lifecycle()
                .executorService("eventstream-proxy-%d")
                .minThreads(0)
                .maxThreads(proxies.size())
                .workQueue(new SynchronousQueue<>())
                .build();
        Heartbeats heartbeats = new Heartbeats(Ticker.systemTicker(), environment.metrics());
        return new ProxyKicks(
                new Proxies(proxies, false, environment.metrics(), heartbeats, Ticker.systemTicker()), threads);
    }

    /** The log. */
    OpenLog log() {
        return log;
    }

    /** Closes it. */
    void close() throws Exception {
        parts.stop();
    }
}
