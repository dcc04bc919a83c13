package dev.eventstream.admin;

import dev.eventstream.admin.page.Section;
import dev.eventstream.admin.page.Section.Fact;
import dev.eventstream.admin.page.Value;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.bus.NodeInfo;
import dev.eventstream.control.LaneStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The nodes, the bus between them, the lanes to the proxies, and the loops of this node that are in trouble.
 *
 * <p>Thread-safe; nothing here blocks.
 */
final class NodeTables {
    private static final int MAX_NODES = 200;

    private final @Nullable NodeBus bus;
    private final Supplier<List<LaneStatus>> lanes;
    private final Supplier<SortedMap<String, String>> troubles;
    private final MetricValues metrics;

    /**
     * @param bus null if there is none
     * @param troubles what is wrong, by the name of the loop
     */
    NodeTables(
            @Nullable NodeBus bus,
            Supplier<List<LaneStatus>> lanes,
            Supplier<SortedMap<String, String>> troubles,
            MetricValues metrics) {
        this.bus = bus;
        this.lanes = lanes;
        this.troubles = troubles;
        this.metrics = metrics;
    }

    List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(troubles());
        if (bus == null) {
            sections.add(new Section.Note(
                    "There is no bus, because the log is not in a database: this node knows no others."));
        } else {
            sections.add(nodes(bus));
            sections.add(bus(bus));
        }
        sections.add(lanes());
        return sections;
    }

    private Section troubles() {
        SortedMap<String, String> found = troubles.get();
        List<List<Value>> rows = new ArrayList<>();
        found.forEach((loop, trouble) -> rows.add(List.of(Value.text(loop), Value.text(trouble))));
        return new Section.Table(
                "troubles", "Loops in trouble", Section.columns("loop", "loop", "trouble", "trouble"), rows);
    }

    private static Section nodes(NodeBus bus) {
        NodeInfo self = bus.self();
        List<NodeInfo> all = bus.nodes();
        return new Section.Table(
                "nodes",
                "Nodes",
                Section.columns(
                        "name",
                        "node",
                        "id",
                        "id",
                        "version",
                        "version",
                        "started",
                        "started",
                        "streams",
                        "streams",
                        "lagSeconds",
                        "lag",
                        "differences",
                        "differs in"),
                all.stream().limit(MAX_NODES).map(node -> row(self, node)).toList(),
                all.size());
    }

    private static List<Value> row(NodeInfo self, NodeInfo node) {
        boolean isSelf = node.id() == self.id();
        return List.of(
                Value.text(node.name()),
                Value.text(node.shortId()),
                Value.text(node.version()),
                new Value.Time(node.started()),
                Value.count(node.streams()),
                Value.span(node.lag()),
                isSelf ? new Value.None("this node") : Value.texts(self.differences(node)));
    }

    private Section bus(NodeBus bus) {
        return new Section.Facts(
                "bus",
                "Bus",
                List.of(
                        new Fact(
                                "trouble",
                                "trouble",
                                bus.trouble().map(Value::text).orElse(new Value.None("none"))),
                        new Fact("lagSeconds", "lag", Value.span(bus.self().lag())),
                        new Fact(
                                "carriesUnstored",
                                "unstored events reach other nodes",
                                Value.text(bus.carriesUnstored() ? "yes" : "no")),
                        new Fact("sentPerSecond", "messages sent per second", metrics.rate("eventstream.bus.sent")),
                        new Fact(
                                "receivedPerSecond",
                                "messages received per second",
                                metrics.rate("eventstream.bus.received")),
                        new Fact("unreadable", "messages unreadable", metrics.total("eventstream.bus.unreadable"))));
    }

    private Section lanes() {
        return new Section.Table(
                "lanes",
                "Lanes to proxies",
                Section.columns(
                        "proxy",
                        "proxy",
                        "state",
                        "state",
                        "queuedEvents",
                        "events that wait",
                        "queuedRepairs",
                        "hints that wait",
                        "failingSeconds",
                        "failing for",
                        "sentPerSecond",
                        "sent per second",
                        "latencyP99Seconds",
                        "request, p99"),
                lanes.get().stream().map(this::row).toList());
    }

    private List<Value> row(LaneStatus lane) {
        String prefix = "eventstream.proxy." + lane.proxy();
        return List.of(
                Value.text(lane.proxy()),
                Value.text(state(lane)),
                Value.count(lane.queuedEvents()),
                Value.count(lane.queuedRepairs()),
                Value.span(lane.failingFor()),
                metrics.rate(prefix + ".sent"),
                metrics.p99(prefix + ".latency"));
    }

    private static String state(LaneStatus lane) {
        if (!lane.isRunning()) {
            return "does not run";
        }
        return lane.isFailing() ? "failing, because it " + lane.lastFailure() : "working";
    }
}
