package dev.eventstream;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.http.RefusedStreams;
import dev.eventstream.http.StreamAdmission;
import dev.eventstream.limit.StreamLimits;
import dev.eventstream.subscriber.StreamStart;
import java.util.function.IntSupplier;

/** Assembles the limits of streams, once, at start. */
final class LimitAssembly {
    private final EventStreamFactory factory;
    private final MetricRegistry registry;
    private final StreamLimits limits;

    /** @param links how many next links of proxied streams are in use */
    LimitAssembly(EventStreamFactory factory, IntSupplier links, MetricRegistry registry) {
        this.factory = factory;
        this.registry = registry;
        this.limits = new StreamLimits(factory.getLimits().build(), links, Ticker.systemTicker(), registry);
    }

    StreamLimits limits() {
        return limits;
    }

    /** Applies the limits to requests. */
    StreamAdmission admission(StreamStart feeds) {
        return new StreamAdmission(
                limits,
                factory.getClientAddress().build(),
                feeds,
                new RefusedStreams(factory.getRetry().getMax().toJavaDuration(), registry, Ticker.systemTicker()),
                Ticker.systemTicker());
    }
}
