package dev.eventstream.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.publisher.EventTracing;
import dev.eventstream.publisher.EventTracing.Target;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.testing.SettableClock;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenTelemetryTracingTest {
    private static final ChannelName ORDERS = new ChannelName("orders");

    private final SettableClock clock = new SettableClock();
    private final SettableTicker ticker = new SettableTicker();
    private final RecordedSpans spans = new RecordedSpans();
    private final EventTracing tracing = OpenTelemetryTracing.of(spans, clock, ticker);

    private static NewEvent created(String channel) {
        return NewEvent.text(channel, "created", "the data");
    }

    private static EventId id(long sequence) {
        return EventId.parse("k3f9x2-" + sequence);
    }

    private static List<Event> stored(List<NewEvent> events) {
        List<Event> stored = new ArrayList<>();
        for (NewEvent event : events) {
            stored.add(Event.stored(event, id(stored.size() + 1)));
        }
        return stored;
    }

    private List<Event> send(EventTracing with, NewEvent... events) {
        return with.send(List.of(events), () -> stored(List.of(events)));
    }

    private static Map<String, String> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().getKey(), entry -> String.valueOf(entry.getValue())));
    }

    @Test
    void a_send_is_a_producer_span_within_the_senders_span() {
        Span request =
                spans.getTracer("the application").spanBuilder("POST /orders").startSpan();
        List<Event> sent = Context.current()
                .with(request)
                .wrapSupplier(() -> send(tracing, created("orders")))
                .get();

        assertThat(sent).hasSize(1);
        assertThat(spans.all()).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("send");
            assertThat(span.getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(span.getParentSpanId())
                    .isEqualTo(request.getSpanContext().getSpanId());
            assertThat(attributes(span))
                    .isEqualTo(Map.of(
                            "messaging.system", "eventstream",
                            "messaging.operation.name", "send",
                            "messaging.operation.type", "send",
                            "messaging.destination.name", "orders",
                            "messaging.message.id", "k3f9x2-1",
                            "eventstream.event.type", "created"));
        });
    }

    @Test
    void a_send_of_several_events_names_what_they_have_in_common() {
        send(tracing, created("orders"), created("alerts"));

        assertThat(attributes(spans.named("send").get(0)))
                .containsEntry("messaging.batch.message_count", "2")
                .containsEntry("eventstream.event.type", "created")
                .doesNotContainKeys("messaging.destination.name", "messaging.message.id");
    }

    @Test
    void a_delivery_belongs_to_its_send_and_lasts_from_the_append_to_the_last_stream() {
        long appended = ticker.read();
        send(tracing, created("orders"));
        ticker.advance(Duration.ofMillis(3));
        clock.advance(Duration.ofMillis(3));
        tracing.delivered(ORDERS, id(1), appended, Target.STREAMS);

        SpanData send = spans.named("send").get(0);
        assertThat(spans.named("deliver")).singleElement().satisfies(span -> {
            assertThat(span.getTraceId()).isEqualTo(send.getTraceId());
            assertThat(span.getParentSpanId()).isEqualTo(send.getSpanId());
            assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(3_000_000);
            assertThat(attributes(span))
                    .isEqualTo(Map.of(
                            "messaging.system", "eventstream",
                            "messaging.operation.name", "deliver",
                            "messaging.destination.name", "orders",
                            "messaging.message.id", "k3f9x2-1",
                            "eventstream.target", "streams"));
        });
    }

    @Test
    void a_delivery_may_come_before_its_send_returns() {
        tracing.send(List.of(created("orders")), () -> {
            tracing.delivered(ORDERS, id(1), ticker.read(), Target.STREAMS);
            tracing.delivered(ORDERS, id(1), ticker.read(), Target.PROXIES);
            assertThat(spans.all()).isEmpty();
            return stored(List.of(created("orders")));
        });

        SpanData send = spans.named("send").get(0);
        assertThat(spans.named("deliver"))
                .hasSize(2)
                .allMatch(span -> span.getParentSpanId().equals(send.getSpanId()));
    }

    @Test
    void a_send_that_fails_is_an_error_without_the_message() {
        EventStoreException failure =
                new EventStoreException("a message", EventStoreException.Outcome.NOT_STORED, new RuntimeException());

        assertThatThrownBy(() -> tracing.send(List.of(created("orders")), () -> {
                    throw failure;
                }))
                .isSameAs(failure);

        assertThat(spans.all()).singleElement().satisfies(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(attributes(span)).containsEntry("error.type", EventStoreException.class.getName());
            assertThat(span).asString().doesNotContain("a message", "the data");
        });
    }

    @Test
    void deliveries_of_sends_that_are_not_sampled_are_not_recorded() {
        EventTracing unsampled = OpenTelemetryTracing.of(new RecordedSpans(Sampler.alwaysOff()), clock, ticker);
        send(unsampled, created("orders"));
        unsampled.delivered(ORDERS, id(1), ticker.read(), Target.STREAMS);
        tracing.delivered(ORDERS, id(1), ticker.read(), Target.STREAMS);

        assertThat(spans.all()).isEmpty();
    }

    @Test
    void unstored_events_have_a_send_only() {
        tracing.send(List.of(created("typing")), () -> List.of(Event.unstored(created("typing"))));

        assertThat(spans.all()).extracting(SpanData::getName).containsExactly("send");
        assertThat(attributes(spans.all().get(0))).doesNotContainKey("messaging.message.id");
    }

    @Test
    void the_oldest_sends_and_deliveries_are_forgotten() {
        send(tracing, created("orders"));
        tracing.delivered(ORDERS, id(2), ticker.read(), Target.STREAMS);
        for (int i = 0; i < SentEvents.MAX; i++) {
            send(tracing, created("channel-" + i));
            tracing.delivered(new ChannelName("other-" + i), id(1), ticker.read(), Target.STREAMS);
        }
        tracing.delivered(ORDERS, id(1), ticker.read(), Target.STREAMS);
        tracing.send(List.of(created("orders")), () -> List.of(Event.stored(created("orders"), id(2))));

        assertThat(spans.named("deliver")).isEmpty();
    }
}
