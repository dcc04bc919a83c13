package dev.eventstream.admin.why;

import dev.eventstream.bus.NodeInfo;
import dev.eventstream.control.LaneStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where else the stream of a reader may be: behind a proxy, or on another node.
 *
 * <p>Thread-safe.
 */
public final class Elsewhere {
    private static final int MAX_NODES = 20;

    private final Supplier<List<LaneStatus>> lanes;
    private final Supplier<List<NodeInfo>> others;

    /**
     * @param lanes the state of the lane to each proxy
     * @param others the other nodes
     */
    public Elsewhere(Supplier<List<LaneStatus>> lanes, Supplier<List<NodeInfo>> others) {
        this.lanes = lanes;
        this.others = others;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        List<LaneStatus> all = lanes.get();
        for (LaneStatus lane : all) {
            if (lane.isFailing() || !lane.isRunning()) {
                findings.add(Finding.of(
                        Cause.PROXY_NOT_REACHED,
                        "Proxy \"" + lane.proxy() + "\" does not take events: " + lane.summary()
                                + ". Its readers get stored events late."));
            }
        }
        if (!all.isEmpty()) {
            findings.add(Finding.of(
                    Cause.BEHIND_PROXY,
                    "If the reader comes through a proxy ("
                            + all.stream().map(LaneStatus::proxy).collect(Collectors.joining(", "))
                            + "), no node knows the stream. Events that wait: "
                            + all.stream()
                                    .map(lane -> lane.proxy() + " " + lane.queuedEvents())
                                    .collect(Collectors.joining(", "))
                            + ". The proxy asks for an event that it misses within seconds of the next one; its log shows the"
                            + " subscriptions."));
        }
        List<NodeInfo> nodes = others.get();
        if (!nodes.isEmpty()) {
            findings.add(Finding.of(
                    Cause.OTHER_NODE,
                    "The stream may be on another node; ask there: "
                            + nodes.stream()
                                    .limit(MAX_NODES)
                                    .map(node -> node + " with " + node.streams() + " streams")
                                    .collect(Collectors.joining(", "))
                            + (nodes.size() > MAX_NODES ? " and " + (nodes.size() - MAX_NODES) + " more" : "")
                            + '.'));
        }
        return findings;
    }
}
