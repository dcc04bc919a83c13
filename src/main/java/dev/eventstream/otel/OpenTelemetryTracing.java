package dev.eventstream.otel;

import com.google.common.base.Suppliers;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.otel.SentEvents.Delivery;
import dev.eventstream.otel.SentEvents.Position;
import dev.eventstream.publisher.EventTracing;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans of sends, and of the deliveries that follow from them, as OpenTelemetry's semantic conventions for messaging (in development)
 * describe them. They have channels, types and ids as attributes, and never data.
 *
 * <p>The span of a send is a child of the sender's current span. A delivery is a child of its send, which has often ended by then. It
 * begins when the bundle begins to store the event, or when the application commits it. It ends when the last stream of the node, or the
 * last proxy, has been given the event. For streams, the metric {@code eventstream.latency} measures the same time. There is one for each
 * event and target, not for each reader. Sends that are not sampled have no deliveries.
 *
 * <p>Thread-safe.
 */
public final class OpenTelemetryTracing implements EventTracing {
    /** The name of the instrumentation. */
    static final String SCOPE = "dev.eventstream";

    private static final Logger LOGGER = LoggerFactory.getLogger(OpenTelemetryTracing.class);
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");
    private static final AttributeKey<Long> COUNT = AttributeKey.longKey("messaging.batch.message_count");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("eventstream.event.type");
    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("eventstream.target");

    private final Supplier<Tracer> tracer;
    private final Clock clock;
    private final Ticker ticker;
    private final SentEvents events = new SentEvents();

    private OpenTelemetryTracing(Supplier<Tracer> tracer, Clock clock, Ticker ticker) {
        this.tracer = tracer;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * With the instance that the application or the Java agent has registered. It is looked up at the first send, because the
     * application may register it after the bundle has run.
     */
    public static EventTracing global(Clock clock, Ticker ticker) {
        return new OpenTelemetryTracing(
                Suppliers.memoize(() -> GlobalOpenTelemetry.get().getTracer(SCOPE)), clock, ticker);
    }

    /** With this instance. */
    static EventTracing of(OpenTelemetry openTelemetry, Clock clock, Ticker ticker) {
        Tracer tracer = openTelemetry.getTracer(SCOPE);
        return new OpenTelemetryTracing(() -> tracer, clock, ticker);
    }

    @Override
    public List<Event> send(List<NewEvent> toSend, Supplier<List<Event>> sending) {
        SpanBuilder builder = span("send", SpanKind.PRODUCER).setAttribute(OPERATION_TYPE, "send");
        same(toSend.stream().map(event -> event.channel().value()), value -> builder.setAttribute(DESTINATION, value));
        same(
                toSend.stream()
                        .filter(event -> !event.isEnd())
                        .map(event -> event.type().toString()),
                value -> builder.setAttribute(TYPE, value));
        if (toSend.size() > 1) {
            builder.setAttribute(COUNT, (long) toSend.size());
        }
        Span span = builder.startSpan();
        try {
            List<Event> sent =
                    Context.current().with(span).wrapSupplier(sending).get();
            if (sent.size() == 1 && sent.get(0).isStored()) {
                span.setAttribute(MESSAGE_ID, sent.get(0).id().toString());
            }
            note(sent, span.getSpanContext());
            return sent;
        } catch (RuntimeException | Error e) {
            span.setAttribute(ERROR, e.getClass().getName()).setStatus(StatusCode.ERROR);
            throw e;
        } finally {
            span.end();
        }
    }

    private SpanBuilder span(String operation, SpanKind kind) {
        // without the channel, because there may be one for each user
        return tracer.get()
                .spanBuilder(operation)
                .setSpanKind(kind)
                .setAttribute(SYSTEM, "eventstream")
                .setAttribute(OPERATION, operation);
    }

    /** Passes on the value if all have the same one. */
    private static void same(Stream<String> values, Consumer<String> attribute) {
        List<String> distinct = values.distinct().limit(2).toList();
        if (distinct.size() == 1) {
            attribute.accept(distinct.get(0));
        }
    }

    private void note(List<Event> sent, SpanContext send) {
        if (send.isSampled()) {
            for (Event event : sent) {
                if (event.isStored()) {
                    Position position = new Position(event.channel(), event.id());
                    events.sent(position, send).forEach(delivery -> record(position, delivery, send));
                }
            }
        }
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void delivered(ChannelName channel, EventId id, long sentNanos, Target target) {
        try {
            Instant end = clock.instant();
            Delivery delivery = new Delivery(target, end.minusNanos(ticker.read() - sentNanos), end);
            Position position = new Position(channel, id);
            events.delivered(position, delivery).ifPresent(send -> record(position, delivery, send));
        } catch (RuntimeException e) { // OpenTelemetry promises not to throw, but an exporter may
            LOGGER.debug("The delivery of channel={} id={} could not be recorded", channel, id, e);
        }
    }

    private void record(Position event, Delivery delivery, SpanContext send) {
        span("deliver", SpanKind.INTERNAL)
                .setParent(Context.root().with(Span.wrap(send)))
                .setAttribute(DESTINATION, event.channel().value())
                .setAttribute(MESSAGE_ID, event.id().toString())
                .setAttribute(TARGET, delivery.target().name().toLowerCase(Locale.ROOT))
                .setStartTimestamp(delivery.start())
                .startSpan()
                .end(delivery.end());
    }
}
