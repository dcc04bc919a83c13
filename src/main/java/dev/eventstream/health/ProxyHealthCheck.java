package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.control.ControlProbe;
import dev.eventstream.control.LaneStatus;
import dev.eventstream.control.ProxyHealth;

/**
 * Checks that a proxy accepts events, by the answer of its control port and the state of its lane. It does not check whether
 * clients can reach the proxy, or whether it delivers; see {@link DeliveryHealthCheck}.
 *
 * <p>Thread-safe. A check ends within a few seconds, whatever the proxy does.
 */
public final class ProxyHealthCheck extends HealthCheck {
    private final ProxyHealth proxy;

    public ProxyHealthCheck(ProxyHealth proxy) {
        this.proxy = proxy;
    }

    /** The name under which it is registered. */
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
                        "%s. Its readers get events late; stored events are not lost. Check that the proxy runs and"
                                + " can be reached from here, and %s",
                        seen, proxy.configuredAt());
    }
}
