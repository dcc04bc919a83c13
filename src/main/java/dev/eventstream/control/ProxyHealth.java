package dev.eventstream.control;

/**
 * The health of one proxy: the answer to a probe, and the state of its lane.
 *
 * <p>Thread-safe.
 */
public final class ProxyHealth {
    private final Lane lane;
    private final ControlProbe probe;

    ProxyHealth(Lane lane) {
        this.lane = lane;
        this.probe = lane.proxy().transport().probe();
    }

    /** The proxy's name. */
    public String name() {
        return lane.proxy().name();
    }

    /** Its address, without secrets. */
    public String target() {
        return lane.proxy().transport().target().toString();
    }

    /** The YAML key of its block. */
    public String configuredAt() {
        return lane.proxy().configuredAt();
    }

    /** The state of its lane. */
    public LaneStatus lane() {
        return lane.status();
    }

    /** Probes the proxy; see {@link ControlProbe#ask}. */
    public ControlProbe.Finding ask() throws InterruptedException {
        return probe.ask();
    }
}
