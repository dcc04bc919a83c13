package dev.eventstream.admin;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metered;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.eventstream.admin.page.Value;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Values of this node's metrics. One that does not exist, because its feature is off, has no value.
 *
 * <p>Thread-safe.
 */
final class MetricValues {
    private static final double P99 = 0.99;

    private final MetricRegistry metrics;

    MetricValues(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    /** The value of a gauge. */
    OptionalLong gauge(String name) {
        Metric metric = metrics.getMetrics().get(name);
        return metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    /** A gauge that counts things. */
    Value count(String name) {
        return value(gauge(name), Value::count);
    }

    /** A gauge of bytes. */
    Value bytes(String name) {
        return value(gauge(name), Value::bytes);
    }

    /** A gauge of seconds. */
    Value seconds(String name) {
        return value(gauge(name), seconds -> Value.span(Duration.ofSeconds(seconds)));
    }

    /** How many things a meter has counted since the start. */
    Value total(String name) {
        return metrics.getMetrics().get(name) instanceof Metered metered
                ? Value.count(metered.getCount())
                : Value.none();
    }

    /** Things per second during the last minute. */
    Value rate(String name) {
        return metrics.getMetrics().get(name) instanceof Metered metered
                ? new Value.Rate(metered.getOneMinuteRate())
                : Value.none();
    }

    /** The time that only one in a hundred exceeds. */
    Value p99(String name) {
        return metrics.getMetrics().get(name) instanceof Timer timer
                ? Value.span(Duration.ofNanos((long) timer.getSnapshot().getValue(P99)))
                : Value.none();
    }

    /** Makes a value of a number. */
    @FunctionalInterface
    private interface Make {
        Value of(long number);
    }

    private static Value value(OptionalLong number, Make make) {
        return number.isPresent() ? make.of(number.getAsLong()) : Value.none();
    }
}
