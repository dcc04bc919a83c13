package dev.eventstream;

import static org.awaitility.Awaitility.await;

import dev.eventstream.stream.WireReader;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A client of a stream, direct or proxied, that reads events as they arrive. Thread-safe. */
public final class TestStream implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final HttpResponse<InputStream> response;
    private final WireReader reader;

    // guarded by itself
    private final List<WireEvent> events = new ArrayList<>();

    private volatile boolean ended;

    private TestStream(HttpResponse<InputStream> response) {
        this.response = response;
        this.reader = new WireReader(response.body());
        Thread thread = new Thread(this::read, "test-stream");
        thread.setDaemon(true);
        thread.start();
    }

    /** Opens a stream on this machine; header names and values alternate. */
    public static TestStream open(int port, String path, String... headers) {
        return open(URI.create("http://localhost:" + port + path), headers);
    }

    /** Opens a stream; header names and values alternate. */
    public static TestStream open(URI uri, String... headers) {
        return open(HTTP, uri, headers);
    }

    /** Opens a stream with a client that the test provides; header names and values alternate. */
    public static TestStream open(HttpClient client, URI uri, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new TestStream(client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try {
            for (var event = reader.next(); event.isPresent(); event = reader.next()) {
                add(event.get());
            }
        } catch (IOException e) {
            // closed by us or by the service: nothing more will arrive
        } finally {
            ended = true;
        }
    }

    private void add(WireEvent event) {
        synchronized (events) {
            events.add(event);
            events.notifyAll();
        }
    }

    /** Waits until more than this number of events have arrived, the stream has ended, or 100 ms have passed. */
    public void awaitMoreThan(int count) {
        synchronized (events) {
            if (events.size() <= count && !ended) {
                try {
                    events.wait(100);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    public HttpClient.Version version() {
        return response.version();
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Everything that has arrived, as text. */
    public String text() {
        return reader.rawText();
    }

    /** All events that have arrived, including those of the bundle. */
    public List<WireEvent> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** The events that have arrived and that the application sent. */
    public List<WireEvent> messages() {
        return events().stream().filter(TestStream::isMessage).toList();
    }

    /** Whether the application, not the bundle, sent the event. */
    public static boolean isMessage(WireEvent event) {
        return !event.type().startsWith("stream-") && !event.type().equals("keep-alive");
    }

    /** The Last-Event-ID that an EventSource would send if it reconnected now. */
    public String lastEventId() {
        return reader.lastEventId();
    }

    /** Waits for an event, unless it has already arrived. */
    public TestStream awaitEvent(Predicate<WireEvent> wanted) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> events().stream().anyMatch(wanted));
        return this;
    }

    public TestStream awaitEvent(String type) {
        return awaitEvent(event -> event.type().equals(type));
    }

    public TestStream awaitOpen() {
        return awaitEvent("stream-open");
    }

    public TestStream awaitMessages(int count) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> messages().size() >= count);
        return this;
    }

    public TestStream awaitEnd() {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> ended);
        return this;
    }

    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
