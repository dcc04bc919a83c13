package dev.eventstream.config;

import dev.eventstream.control.ProxySettings;
import dev.eventstream.grip.TrustedProxy;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A proxy, as {@code eventStream.grip.proxies[]} describes it.
 *
 * <p>Immutable.
 *
 * @param trusted its name, and what its requests are recognised by
 * @param endpoint where events are to go for it
 * @param lane how events get there
 * @param publicUri where clients reach this application through it, if delivery is to be checked
 */
public record GripProxy(
        TrustedProxy trusted,
        ControlEndpoint endpoint,
        ProxySettings lane,
        @Nullable URI publicUri) {
    /** What it is called in metrics, logs and health checks. */
    public String name() {
        return trusted.name();
    }

    /** The same, described in that block. */
    GripProxy at(String key) {
        return new GripProxy(trusted, endpoint, lane.withConfiguredAt(key), publicUri);
    }
}
