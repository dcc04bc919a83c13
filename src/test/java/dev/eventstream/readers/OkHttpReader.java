package dev.eventstream.readers;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.ReadyState;
import dev.eventstream.stream.WireReader.WireEvent;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Headers;

/** okhttp-eventsource, as in the manual. */
final class OkHttpReader implements OpenReader {
    private final EventSource source;
    private final List<WireEvent> events = new CopyOnWriteArrayList<>();

    OkHttpReader(URI uri, Map<String, String> headers) {
        source = new EventSource.Builder(ConnectStrategy.http(uri).headers(Headers.of(headers)))
                .errorStrategy(ErrorStrategy.alwaysContinue())
                .build();
        Thread thread = new Thread(() -> source.messages().forEach(this::take), "okhttp-eventsource");
        thread.setDaemon(true);
        thread.start();
    }

    private void take(MessageEvent event) {
        events.add(new WireEvent(
                Objects.requireNonNullElse(event.getLastEventId(), ""), event.getEventName(), event.getData()));
    }

    @Override
    public List<WireEvent> events() {
        return List.copyOf(events);
    }

    @Override
    public boolean hasStopped() {
        return source.getState() == ReadyState.SHUTDOWN;
    }

    @Override
    public void close() {
        source.close();
    }
}
