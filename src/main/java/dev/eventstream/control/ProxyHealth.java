package dev.eventstream.control;

/**
 * What can be known of the health of one proxy: what it answers when asked, and how its lane does.
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

    /** The YAML key of it. */
    public String configuredAt() {
        return lane.proxy().configuredAt();
    }

    /** How its lane does. */
    public LaneStatus lane() {
        return lane.status();
    }

    /** Asks the proxy; see {@link ControlProbe#ask}. */
    public ControlProbe.Finding ask() throws InterruptedException {
        return probe.ask();
    }
}
