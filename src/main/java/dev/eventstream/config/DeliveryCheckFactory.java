package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A health check that sends an event to itself through a proxy; {@code eventStream.grip.proxies[].deliveryCheck}. Off by
 * default.
 *
 * <ul>
 *   <li>{@code publicUri}: the address of this application for clients of the proxy, such as {@code https://www.example.com};
 *       required.
 *   <li>{@code timeout}: how long the event may take; 1 second to 1 minute, default 5 seconds.
 * </ul>
 */
public final class DeliveryCheckFactory {
    @JsonProperty
    private @Nullable String publicUri;

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 1m")
    @MaxDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 1s to 1m")
    @JsonProperty
    private Duration timeout = Duration.seconds(5);

    public @Nullable String getPublicUri() {
        return publicUri;
    }

    public void setPublicUri(@Nullable String publicUri) {
        this.publicUri = publicUri;
    }

    public Duration getTimeout() {
        return timeout;
    }

    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * The address of this application for clients, without a trailing slash.
     *
     * @throws IllegalArgumentException if that is not such an address; the message begins with a verb
     */
    URI buildPublicUri() {
        String allowed = "allowed is an address such as https://www.example.com";
        if (publicUri == null) {
            throw new IllegalArgumentException("is missing; " + allowed);
        }
        return ConfiguredUri.parse(publicUri, allowed, "http", "https");
    }
}
