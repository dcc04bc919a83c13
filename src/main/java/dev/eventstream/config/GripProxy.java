package dev.eventstream.config;

import dev.eventstream.control.ProxySettings;
import dev.eventstream.grip.TrustedProxy;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as {@code eventStream.grip.proxies[]} describes it.
 *
 * <p>Immutable.
 *
 * @param trusted its name, and how its requests are recognised
 * @param lane how events are sent to it
 * @param publicUri the address of this application for clients of the proxy; null if delivery is not checked
 * @param statsUri the address of its statistics; null if they are not read
 */
public record GripProxy(
        TrustedProxy trusted,
        ProxySettings lane,
        @Nullable URI publicUri,
        @Nullable URI statsUri) {
    /** Its name in metrics, logs and health checks. */
    public String name() {
        return trusted.name();
    }

    /** The same, configured in that block. */
    GripProxy at(String key) {
        return new GripProxy(trusted, lane.withConfiguredAt(key), publicUri, statsUri);
    }
}
