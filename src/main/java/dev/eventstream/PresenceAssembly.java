package dev.eventstream;

import com.google.common.base.Ticker;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.GripProxy;
import dev.eventstream.config.PresenceFactory;
import dev.eventstream.control.zmq.ZmqStats;
import dev.eventstream.hold.HoldHandler;
import dev.eventstream.presence.Presence;
import dev.eventstream.presence.PresenceAuthorizer;
import dev.eventstream.presence.ReaderPresence;
import dev.eventstream.publisher.EventPublisher;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Assembles the parts for {@code eventStream.presence}, once, at start. They do nothing if it is not set. */
final class PresenceAssembly {
    private static final Duration ROUND_EVERY = Duration.milliseconds(250);

    private static final Duration STATS_PAUSE = Duration.milliseconds(1);
    private static final Logger LOGGER = LoggerFactory.getLogger(PresenceAssembly.class);

    private final Lifecycle lifecycle;
    private final PresenceChannels channels;
    private final @Nullable ReaderPresence presence;

    PresenceAssembly(Environment environment, EventStreamFactory factory, Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
        this.channels = factory.buildPresenceChannels();
        this.presence = factory.presence()
                .map(PresenceFactory::getDebounce)
                .map(delay -> new ReaderPresence(
                        channels, delay.toJavaDuration(), Ticker.systemTicker(), environment.metrics()))
                .orElse(null);
    }

    /** The channels with presence. */
    PresenceChannels channels() {
        return channels;
    }

    /** Counts readers; empty if presence is not set. */
    Optional<ReaderPresence> presence() {
        return Optional.ofNullable(presence);
    }

    /** The authorizer that also protects the channels with joins and leaves. */
    static ChannelAuthorizer protect(ChannelAuthorizer application, EventStreamFactory factory) {
        return factory.buildPresenceChannels().hasEvents() ? new PresenceAuthorizer(application) : application;
    }

    /** Counts the direct streams. */
    HoldHandler.Subscriber count(HoldHandler.Subscriber streams) {
        return presence == null ? streams : new CountedStreams(presence, streams);
    }

    /** Runs presence with the application. */
    void run(@Nullable NodeBus bus, List<GripProxy> proxies, EventPublisher publisher) {
        if (presence == null) {
            return;
        }
        proxies.forEach(proxy -> follow(presence, proxy));
        if (bus != null) {
            presence.connect(bus);
        }
        presence.sendEvents(publisher::send);
        // managed before the loop and after the bus, so that it stops between them
        lifecycle.onStop(presence::stop);
        lifecycle.schedule("presence", presence::round, ROUND_EVERY);
    }

    private void follow(ReaderPresence readers, GripProxy proxy) {
        URI address = proxy.statsUri();
        if (address == null) {
            LOGGER.warn(
                    "The readers behind proxy {} are not counted; set eventStream.grip.proxies[].statsUri to the address"
                            + " of its statistics",
                    proxy.name());
            readers.addUnknownProxy();
            return;
        }
        ZmqStats stats = new ZmqStats(address, new ProxiedCounts(readers.addProxy(proxy.name())));
        // managed before the loop, so that it is closed after it
        lifecycle.onStop(stats::close);
        lifecycle.schedule("stats-" + proxy.name(), stats::round, STATS_PAUSE);
    }

    /** Finds who is reading a channel. */
    Function<ChannelName, Presence> lookup() {
        return channel -> {
            if (presence == null) {
                throw new IllegalStateException("readers are not counted; eventStream.presence names the channels");
            }
            return presence.of(channel);
        };
    }
}
