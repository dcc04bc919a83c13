package dev.eventstream.doctor;

import dev.eventstream.config.GripFactory;
import dev.eventstream.config.LimitsFactory;
import dev.eventstream.config.ProxyFactory;
import dev.eventstream.control.ControlProbe;
import dev.eventstream.control.ControlProbe.Verdict;
import dev.eventstream.control.ProxySettings;
import java.util.ArrayList;
import java.util.List;

/** Checks the GRIP proxies in front. Stateless, thread-safe. */
public final class ProxyFindings {
    static final String SIGNATURES = "proxy-signatures";
    static final String LIMITS = "proxy-limits";
    static final String CONTROL = "proxy-control";

    /** The checks that need only the configuration. */
    public static final List<String> CONFIGURED = List.of(SIGNATURES, LIMITS);

    private ProxyFindings() {}

    /** Checks the configuration. */
    public static List<Finding> of(GripFactory grip, LimitsFactory limits) {
        List<Finding> findings = new ArrayList<>();
        List<ProxyFactory> proxies = grip.getProxies();
        for (int i = 0; i < proxies.size(); i++) {
            signatures("eventStream.grip.proxies[" + i + "]", proxies.get(i), findings);
        }
        limits(grip, limits, findings);
        return findings;
    }

    private static void signatures(String key, ProxyFactory proxy, List<Finding> findings) {
        if (proxy.isTrustUnsigned()) {
            findings.add(Finding.warning(
                    SIGNATURES,
                    key + ".trustUnsigned is true",
                    "any client that can reach the application's port can pretend to be this proxy",
                    "set sig_key in pushpin.conf and the same key as verifyKey here, and remove trustUnsigned; openssl rand -hex 24"
                            + " makes a key"));
        }
    }

    private static void limits(GripFactory grip, LimitsFactory limits, List<Finding> findings) {
        int needed = limits.getChannelsPerStream() + 1;
        if (needed > grip.getMaxSubscriptions()) {
            findings.add(Finding.warning(
                    LIMITS,
                    "eventStream.limits.channelsPerStream is " + limits.getChannelsPerStream()
                            + ", and eventStream.grip.maxSubscriptions is " + grip.getMaxSubscriptions(),
                    "a stream needs a subscription for each channel and one for its reader, so a stream of "
                            + limits.getChannelsPerStream() + " channels is refused behind the proxy",
                    "set maxSubscriptions: " + needed + " here and connection_subscription_max=" + needed
                            + " in pushpin.conf, or a lower channelsPerStream"));
        }
    }

    /** Asks the control port of a proxy. */
    public static List<Finding> ask(ProxySettings proxy) throws InterruptedException {
        ControlProbe.Finding answer = proxy.transport().probe().ask();
        if (answer.verdict() != Verdict.UNHEALTHY) {
            return List.of();
        }
        return List.of(Finding.error(
                CONTROL,
                "the control port " + proxy.transport().target() + " of proxy \"" + proxy.name() + "\" "
                        + answer.seen(),
                "readers behind the proxy get events late, with the proxy's next check; nothing is lost",
                "check that the proxy runs and can be reached from here, and " + proxy.configuredAt()));
    }
}
