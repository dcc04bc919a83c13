package dev.eventstream.otel;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.publisher.EventTracing.Target;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Matches the spans of sends with deliveries. Either may be reported first, because an event can reach a stream before its
 * sender has returned.
 *
 * <p>Bounded: it remembers {@value #MAX} events of each side, and forgets the oldest.
 *
 * <p>Thread-safe.
 */
final class SentEvents {
    static final int MAX = 10_000;

    // both guarded by this
    private final Map<Position, SpanContext> sends = new Recent<>();
    private final Map<Position, List<Delivery>> early = new Recent<>();

    /** An event in its log. */
    record Position(ChannelName channel, EventId id) {}

    /** A delivery, and when it began and ended. */
    record Delivery(Target target, Instant start, Instant end) {}

    private static final class Recent<V> extends LinkedHashMap<Position, V> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, V> eldest) {
            return size() > MAX;
        }
    }

    /** Notes the span of a send; returns the deliveries that came before. */
    synchronized List<Delivery> sent(Position event, SpanContext send) {
        sends.put(event, send);
        List<Delivery> before = early.remove(event);
        return before == null ? List.of() : before;
    }

    /** Notes a delivery; returns the span of its send, unless that is still running or was not recorded. */
    synchronized Optional<SpanContext> delivered(Position event, Delivery delivery) {
        SpanContext send = sends.get(event);
        if (send == null) {
            early.computeIfAbsent(event, unused -> new ArrayList<>(1)).add(delivery);
        }
        return Optional.ofNullable(send);
    }
}
