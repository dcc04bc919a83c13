package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/**
 * How long a client waits before it reconnects; {@code eventStream.retry}. Each connection gets a random time between the two
 * bounds, so that clients that were cut off together do not return together.
 *
 * <ul>
 *   <li>{@code min}: the shortest wait; 100 ms to 1 h, default 2 s.
 *   <li>{@code max}: the longest wait; 100 ms to 1 h, default 6 s, not shorter than {@code min}.
 * </ul>
 */
public final class RetryFactory {
    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 1h")
    @MaxDuration(value = 1, unit = TimeUnit.HOURS, message = "is ${validatedValue}; allowed is 100ms to 1h")
    @JsonProperty
    private Duration min = Duration.seconds(2);

    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 1h")
    @MaxDuration(value = 1, unit = TimeUnit.HOURS, message = "is ${validatedValue}; allowed is 100ms to 1h")
    @JsonProperty
    private Duration max = Duration.seconds(6);

    public Duration getMin() {
        return min;
    }

    public void setMin(Duration min) {
        this.min = min;
    }

    public Duration getMax() {
        return max;
    }

    public void setMax(Duration max) {
        this.max = max;
    }

    /**
     * Checks the two values against each other.
     *
     * @throws IllegalArgumentException if {@code min} is longer than {@code max}
     */
    void check() {
        if (min.toNanoseconds() > max.toNanoseconds()) {
            throw new IllegalArgumentException("eventStream.retry.min is " + min + " and eventStream.retry.max is "
                    + max + "; min must not be longer");
        }
    }
}
