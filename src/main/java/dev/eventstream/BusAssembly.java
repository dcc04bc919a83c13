package dev.eventstream;

import com.google.common.base.Ticker;
import dev.eventstream.admin.NodesPage;
import dev.eventstream.bus.BusListener;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.bus.NodeInfo;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.config.BusFactory;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.health.BusHealthCheck;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.presence.ReaderPresence;
import dev.eventstream.subscriber.Fanout;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Assembles the parts that connect this node to the others. Confined to the thread that assembles. */
final class BusAssembly {
    /** The pause between two rounds of sending. Whatever is announced during the pause is sent together. */
    private static final Duration SEND_PAUSE = Duration.milliseconds(2);

    private static final Duration RECEIVE_PAUSE = Duration.milliseconds(1);

    private final Environment environment;
    private final EventStreamFactory factory;
    private final Lifecycle lifecycle;
    private final @Nullable ReaderPresence presence;

    /** @param presence gets the reports of other nodes; null if readers are not counted */
    BusAssembly(
            Environment environment,
            EventStreamFactory factory,
            Lifecycle lifecycle,
            @Nullable ReaderPresence presence) {
        this.presence = presence;
        this.environment = environment;
        this.factory = factory;
        this.lifecycle = lifecycle;
    }

    /** This node on the configured bus; empty if there is no bus because the application's store has no database. */
    Optional<NodeBus> bus(LogSource.Log log, StoredChannels stored, List<StreamRoute> routes, Fanout fanout) {
        BusFactory.Setup setup = new BusFactory.Setup(environment, log.database(), factory.getPollInterval());
        Optional<NodeBus> nodes = factory.getBus()
                .build(setup)
                .map(bus -> new NodeBus(
                        bus,
                        listener(bus.isFast(), stored, fanout, presence),
                        self(routes, fanout),
                        Ticker.systemTicker(),
                        environment.metrics()));
        nodes.ifPresent(this::run);
        return nodes;
    }

    private void run(NodeBus nodes) {
        // managed before the loops, so that it stops after them
        lifecycle.onStop(nodes::close);
        lifecycle.schedule("bus-receive", nodes::receiveRound, RECEIVE_PAUSE);
        lifecycle.schedule("bus-send", nodes::sendRound, SEND_PAUSE);
        lifecycle.onStop(nodes::stop);
        environment.healthChecks().register("eventstream-bus", new BusHealthCheck(nodes, hasUnstored()));
        environment
                .admin()
                .addServlet("eventstream-nodes", new NodesPage(nodes))
                .addMapping(NodesPage.PATH);
    }

    private boolean hasUnstored() {
        return !factory.buildStoredChannels().unstored().isEmpty();
    }

    private Supplier<NodeInfo> self(List<StreamRoute> routes, Fanout fanout) {
        long id = new SecureRandom().nextLong();
        Instant started = Clock.systemUTC().instant();
        String name = hostName() + '/' + ProcessHandle.current().pid();
        String version = BundleVersion.read();
        Map<String, String> settings = factory.digestSettings(routes);
        return () -> new NodeInfo(id, name, version, started, fanout.openStreams(), java.time.Duration.ZERO, settings);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static BusListener listener(
            boolean isFast, StoredChannels stored, Fanout fanout, @Nullable ReaderPresence presence) {
        return new BusListener() {
            @Override
            public void moved(Map<ChannelName, EventId> newest) {
                fanout.announceNewest(newest);
            }

            @Override
            public void unstored(Event event) {
                // a node with different patterns in eventStream.unstored must not put events without ids into a stored
                // channel
                if (!stored.isStored(event.channel())) {
                    CompletableFuture<Void> unused = fanout.announce(List.of(event));
                }
            }

            @Override
            public void interrupted() {
                fanout.poll().soon();
                fanout.recheckAll();
                if (presence != null) {
                    presence.interrupted();
                }
                if (isFast) { // any other bus carries no unstored events
                    fanout.missedUnstored();
                }
            }

            @Override
            public void unstoredDropped() {
                fanout.missedUnstored();
            }

            @Override
            public void accessChanged(AccessChange change) {
                fanout.apply(change);
            }

            @Override
            public void present(long node, ByteBuffer report) {
                if (presence != null) {
                    presence.received(node, report);
                }
            }
        };
    }
}
