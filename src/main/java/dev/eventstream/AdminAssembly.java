package dev.eventstream;

import com.codahale.metrics.Meter;
import com.google.common.base.Ticker;
import dev.eventstream.admin.AdminPages;
import dev.eventstream.admin.AdminParts;
import dev.eventstream.admin.TrimGuard;
import dev.eventstream.admin.TrimTask;
import dev.eventstream.admin.action.Actions;
import dev.eventstream.admin.action.Drainable;
import dev.eventstream.admin.why.RightsCheck;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.control.ProxyHealth;
import dev.eventstream.event.EventId;
import dev.eventstream.hold.HoldHandler;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.retention.Retention;
import dev.eventstream.store.EventStore;
import dev.eventstream.subscriber.Fanout;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Assembles what operators use on the admin port, once, at start. Nothing of it does anything unless it is asked. */
final class AdminAssembly {
    private final Environment environment;
    private final EventStreamFactory factory;
    private final EventStore store;
    private final StoredChannels stored;
    private final Fanout fanout;
    private final HoldHandler holder;
    private final Permissions permissions;
    private final Heartbeats heartbeats;
    private final Meter trimmed;

    AdminAssembly(
            Environment environment,
            EventStreamFactory factory,
            EventStore store,
            StoredChannels stored,
            Fanout fanout,
            HoldHandler holder,
            Permissions permissions,
            Heartbeats heartbeats) {
        this.environment = environment;
        this.factory = factory;
        this.store = store;
        this.stored = stored;
        this.fanout = fanout;
        this.holder = holder;
        this.permissions = permissions;
        this.heartbeats = heartbeats;
        this.trimmed = environment.metrics().meter(Retention.TRIMMED);
    }

    /** Adds the task that trims a channel. */
    void addTrimTask() {
        environment.admin().addTask(new TrimTask(store, trimmed));
        environment
                .admin()
                .addFilter("eventstream-trim", new TrimGuard())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, TrimGuard.PATH);
    }

    /** Adds the pages. */
    void addPages(@Nullable NodeBus bus, @Nullable ProxyAssembly proxies, RightsCheck rights) {
        List<ProxyHealth> lanes = proxies == null ? List.of() : proxies.lanes().health();
        AdminParts parts = new AdminParts(
                store,
                stored,
                fanout,
                bus,
                () -> lanes.stream().map(ProxyHealth::lane).toList(),
                heartbeats,
                environment.metrics(),
                rights,
                new Actions(
                        factory.isAdminActions(),
                        store,
                        permissions::changed,
                        trimmed,
                        announcer(bus, proxies),
                        drainable()),
                holder::isDraining,
                Clock.systemUTC(),
                Ticker.systemTicker());
        environment
                .admin()
                .addServlet("eventstream-pages", new AdminPages(parts))
                .addMapping(AdminPages.PATH);
    }

    /** Reports a new position of a channel to everybody who follows it. */
    private BiConsumer<ChannelName, EventId> announcer(@Nullable NodeBus bus, @Nullable ProxyAssembly proxies) {
        return (channel, newest) -> {
            fanout.announceNewest(Map.of(channel, newest));
            if (bus != null) {
                bus.announceNewest(channel, newest);
            }
            if (proxies != null) {
                proxies.lanes().question(channel);
            }
        };
    }

    private Drainable drainable() {
        return new Drainable() {
            @Override
            public boolean isDraining() {
                return holder.isDraining();
            }

            @Override
            public void drain() {
                holder.sendAway(factory.getDrain().toJavaDuration());
            }

            @Override
            public void resume() {
                holder.resume();
            }
        };
    }
}
