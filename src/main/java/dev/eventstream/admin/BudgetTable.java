package dev.eventstream.admin;

import dev.eventstream.admin.page.Section;
import dev.eventstream.admin.page.Value;
import java.util.List;
import java.util.OptionalLong;

/**
 * What this node uses of each of its limits.
 *
 * <p>Thread-safe.
 */
final class BudgetTable {
    private static final String PREFIX = "eventstream.";

    private final MetricValues metrics;

    BudgetTable(MetricValues metrics) {
        this.metrics = metrics;
    }

    Section table() {
        return new Section.Table(
                "budgets",
                "Budgets of this node",
                Section.columns("budget", "budget", "used", "used", "limit", "limit", "usedShare", "share"),
                List.of(
                        bytes("memory (bytes)", "memory.used", "memory.limit"),
                        bytes("recent events, part of memory (bytes)", "memory.recent-events", ""),
                        bytes("pages of the log, part of memory (bytes)", "memory.pages", ""),
                        counts("direct streams", "streams.open", "streams.limit"),
                        counts("channels followed", "feeds", "feeds.limit"),
                        counts("next links of proxies", "next-links", "next-links.limit"),
                        counts("requests that wait for their turn", "starts.waiting", ""),
                        counts("streams that wait to catch up", "catch-ups.waiting", ""),
                        counts("sends that wait to be stored", "sends.waiting", ""),
                        counts("sends that wait for a locked channel", "sends.waiting-for-locks", "")));
    }

    private List<Value> bytes(String name, String used, String limit) {
        return List.of(
                Value.text(name),
                metrics.bytes(PREFIX + used),
                limit.isEmpty() ? Value.none() : metrics.bytes(PREFIX + limit),
                share(used, limit));
    }

    private List<Value> counts(String name, String used, String limit) {
        return List.of(
                Value.text(name),
                metrics.count(PREFIX + used),
                limit.isEmpty() ? Value.none() : metrics.count(PREFIX + limit),
                share(used, limit));
    }

    private Value share(String used, String limit) {
        OptionalLong part = metrics.gauge(PREFIX + used);
        OptionalLong whole = limit.isEmpty() ? OptionalLong.empty() : metrics.gauge(PREFIX + limit);
        return part.isPresent() && whole.isPresent() && whole.getAsLong() > 0
                ? new Value.Share((double) part.getAsLong() / whole.getAsLong())
                : Value.none();
    }
}
