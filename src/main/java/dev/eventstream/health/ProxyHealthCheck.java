package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.control.ControlProbe;
import dev.eventstream.control.LaneStatus;
import dev.eventstream.control.ProxyHealth;

/**
 * Whether a proxy would take events: what its control port answers, and how the lane to it does. That clients can get to the
 * proxy, or that it delivers, it does not show; see {@link DeliveryHealthCheck}.
 *
 * <p>Thread-safe. A check ends within a few seconds, whatever the proxy does.
 */
public final class ProxyHealthCheck extends HealthCheck {
    private final ProxyHealth proxy;

    public ProxyHealthCheck(ProxyHealth proxy) {
        this.proxy = proxy;
    }

    /** What it is to be registered as. */
    public String name() {
        return "eventstream-proxy-" + proxy.name();
    }

    @Override
    protected Result check() throws InterruptedException {
        ControlProbe.Finding finding = proxy.ask();
        LaneStatus lane = proxy.lane();
        boolean isWell = finding.verdict() != ControlProbe.Verdict.UNHEALTHY && lane.isRunning() && !lane.isFailing();
        String seen = "control port " + proxy.target() + " " + finding.seen() + "; " + lane.summary();
        return isWell
                ? Result.healthy("%s", seen)
                : Result.unhealthy(
                        "%s. Readers behind it get events late, and stored events are not lost. See whether the proxy runs and"
                                + " can be reached from here, and %s",
                        seen, proxy.configuredAt());
    }
}
