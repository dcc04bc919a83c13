package dev.eventstream.admin;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.admin.action.Actions;
import dev.eventstream.admin.why.RightsCheck;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.control.LaneStatus;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.store.EventStore;
import dev.eventstream.subscriber.Fanout;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a node that the admin pages show.
 *
 * @param stored which channels are stored
 * @param bus null if there is none
 * @param lanes the state of the lane to each proxy
 * @param rights asks the authorizer
 * @param actions what operators can do
 * @param isDraining whether this node ends its streams
 * @param clock by which senders stamp their events
 * @param ticker limits waits
 */
public record AdminParts(
        EventStore store,
        StoredChannels stored,
        Fanout fanout,
        @Nullable NodeBus bus,
        Supplier<List<LaneStatus>> lanes,
        Heartbeats heartbeats,
        MetricRegistry metrics,
        RightsCheck rights,
        Actions actions,
        BooleanSupplier isDraining,
        Clock clock,
        Ticker ticker) {}
