package dev.eventstream.admin;

import dev.eventstream.admin.page.Section;
import dev.eventstream.admin.page.Section.Fact;
import dev.eventstream.admin.page.Value;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.Outbox;
import java.util.List;
import java.util.Optional;

/**
 * The log, its outbox and its retention. Only the lag of the outbox needs a query.
 *
 * <p>Thread-safe.
 */
final class LogFacts {
    private final MetricValues metrics;
    private final EventStore store;

    LogFacts(MetricValues metrics, EventStore store) {
        this.metrics = metrics;
        this.store = store;
    }

    List<Section> facts() {
        return List.of(
                new Section.Facts(
                        "log",
                        "Log and retention",
                        List.of(
                                new Fact("events", "events, about", metrics.count("eventstream.log.events")),
                                new Fact("bytes", "size", metrics.bytes("eventstream.log.bytes")),
                                new Fact(
                                        "oldestSeconds",
                                        "oldest event",
                                        metrics.seconds("eventstream.log.age-seconds")),
                                new Fact(
                                        "retentionBehindSeconds",
                                        "retention is behind by",
                                        metrics.seconds("eventstream.retention.behind-seconds")),
                                new Fact(
                                        "trimmedPerSecond",
                                        "trimmed per second",
                                        metrics.rate("eventstream.events.trimmed")),
                                new Fact("goneBack", "logs gone back", metrics.total("eventstream.log.gone-back")))),
                new Section.Facts(
                        "sending",
                        "Sending and delivery",
                        List.of(
                                new Fact("sentPerSecond", "sent per second", metrics.rate("eventstream.events.sent")),
                                new Fact(
                                        "deliveredPerSecond",
                                        "delivered per second",
                                        metrics.rate("eventstream.events.delivered")),
                                new Fact("appendP99Seconds", "append, p99", metrics.p99("eventstream.append")),
                                new Fact("latencyP99Seconds", "latency, p99", metrics.p99("eventstream.latency")),
                                new Fact(
                                        "catchUpP99Seconds",
                                        "catch-up, p99",
                                        metrics.p99("eventstream.catch-ups.delay")))),
                new Section.Facts(
                        "outbox",
                        "Outbox",
                        List.of(
                                new Fact("lagSeconds", "oldest row is due for", lag()),
                                new Fact(
                                        "sweptPerSecond",
                                        "swept per second",
                                        metrics.rate("eventstream.sweep.announced")),
                                new Fact(
                                        "swept", "swept since the start", metrics.total("eventstream.sweep.announced")),
                                new Fact(
                                        "announceFailures",
                                        "announcements that failed",
                                        metrics.total("eventstream.announce.failures")))));
    }

    private Value lag() {
        Optional<Outbox> outbox = store.outbox();
        if (outbox.isEmpty()) {
            return new Value.None("no outbox: there are no proxies");
        }
        try {
            return outbox.get().lag().map(Value::span).orElse(Value.none());
        } catch (EventStoreException e) {
            return new Value.None("the database does not answer");
        }
    }
}
