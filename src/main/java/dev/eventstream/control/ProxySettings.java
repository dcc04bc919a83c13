package dev.eventstream.control;

import java.util.regex.Pattern;

/**
 * One proxy: its name, the transport to it, and the limits of its lane.
 *
 * <p>Immutable.
 *
 * @param name its name in logs, metrics, threads and health checks
 * @param transport the way to its control port
 * @param limits the limits of its lane
 * @param configuredAt the YAML key of its block, for messages
 */
public record ProxySettings(String name, Transport transport, LaneLimits limits, String configuredAt) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    /**
     * @throws IllegalArgumentException if the name is not 1 to 100 letters, digits and {@code ._-}
     */
    public ProxySettings {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of a proxy must be 1 to 100 letters, digits and ._-");
        }
    }

    /** A proxy with {@link LaneLimits#DEFAULT}. */
    public ProxySettings(String name, Transport transport) {
        this(name, transport, LaneLimits.DEFAULT, "eventStream.grip.proxies");
    }

    /** The same with other limits. */
    public ProxySettings withLimits(LaneLimits other) {
        return new ProxySettings(name, transport, other, configuredAt);
    }

    /** The same, configured elsewhere. */
    public ProxySettings withConfiguredAt(String key) {
        return new ProxySettings(name, transport, limits, key);
    }
}
