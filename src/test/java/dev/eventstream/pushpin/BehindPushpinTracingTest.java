package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestStream;
import dev.eventstream.event.Event;
import dev.eventstream.otel.RecordedSpans;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code eventStream.tracing}, with a direct stream and one that a real Pushpin holds. */
class BehindPushpinTracingTest {
    private static final AttributeKey<String> ID = AttributeKey.stringKey("messaging.message.id");
    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("eventstream.target");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RecordedSpans SPANS = new RecordedSpans();

    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended().withMore("tracing: true");

    private TestStream direct;
    private TestStream proxied;

    @BeforeAll
    static void register() {
        GlobalOpenTelemetry.set(SPANS);
    }

    @AfterAll
    static void unregister() {
        GlobalOpenTelemetry.resetForTest();
    }

    @BeforeEach
    void open() {
        direct = SERVER.direct("/events?channel=orders").awaitOpen();
        proxied = SERVER.stream("/events?channel=orders").awaitOpen();
        SPANS.clear();
        // a stream that has just opened may get an event by catching up, which has no span
        await().atMost(PATIENCE).until(() -> {
            SERVER.events().send("orders", "created", "the first orders");
            return SPANS.named("deliver").stream()
                    .anyMatch(span -> "streams".equals(span.getAttributes().get(TARGET)));
        });
    }

    @AfterEach
    void close() {
        direct.close();
        proxied.close();
    }

    @Test
    void an_event_is_followed_to_the_streams_and_to_pushpin() {
        assertFollowed(SERVER.events().send("orders", "created", "an order"));
    }

    @Test
    void an_event_of_the_applications_transaction_is_followed_after_the_commit() {
        assertFollowed(SERVER.server()
                .jdbi()
                .inTransaction(handle -> SERVER.events().in(handle).send("orders", "created", "an order")));
    }

    private void assertFollowed(Event event) {
        String id = event.id().toString();
        await().atMost(PATIENCE).until(() -> named("deliver", id).size() == 2);

        assertThat(named("send", id))
                .singleElement()
                .satisfies(send -> assertThat(named("deliver", id))
                        .allSatisfy(delivery -> {
                            assertThat(delivery.getTraceId()).isEqualTo(send.getTraceId());
                            assertThat(delivery.getParentSpanId()).isEqualTo(send.getSpanId());
                        })
                        .extracting(delivery -> delivery.getAttributes().get(TARGET))
                        .containsExactlyInAnyOrder("streams", "proxies"));
    }

    private static List<SpanData> named(String name, String id) {
        return SPANS.named(name).stream()
                .filter(span -> id.equals(span.getAttributes().get(ID)))
                .toList();
    }
}
