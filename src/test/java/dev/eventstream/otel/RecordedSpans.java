package dev.eventstream.otel;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** OpenTelemetry's SDK, and the spans that have ended. Thread-safe. */
public final class RecordedSpans implements SpanProcessor, OpenTelemetry {
    private final List<SpanData> spans = new CopyOnWriteArrayList<>();
    private final SdkTracerProvider provider;

    public RecordedSpans() {
        this(Sampler.alwaysOn());
    }

    RecordedSpans(Sampler sampler) {
        this.provider = SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(this)
                .build();
    }

    /** Those with a name, in the order of their ends. */
    public List<SpanData> named(String name) {
        return spans.stream().filter(span -> span.getName().equals(name)).toList();
    }

    /** Forgets the spans that have ended. */
    public void clear() {
        spans.clear();
    }

    List<SpanData> all() {
        return List.copyOf(spans);
    }

    @Override
    public TracerProvider getTracerProvider() {
        return provider;
    }

    @Override
    public ContextPropagators getPropagators() {
        return ContextPropagators.noop();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        spans.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
