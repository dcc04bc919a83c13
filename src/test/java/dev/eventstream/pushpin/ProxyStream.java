package dev.eventstream.pushpin;

import dev.eventstream.stream.WireReader;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A client's stream through a proxy, read as it arrives. Thread-safe. */
public final class ProxyStream implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final InputStream in;
    private final List<WireEvent> events = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private ProxyStream(InputStream in) {
        this.in = in;
    }

    /** Opens the stream and waits for {@code stream-open}. */
    public static ProxyStream open(URI uri) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = HTTP.send(
                HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("the stream was answered " + response.statusCode());
        }
        ProxyStream stream = new ProxyStream(response.body());
        Thread reader = new Thread(stream::read, "proxy-stream");
        reader.setDaemon(true);
        reader.start();
        Awaitility.await("stream-open").atMost(PATIENCE).until(() -> !stream.events.isEmpty());
        return stream;
    }

    private void read() {
        try (WireReader reader = new WireReader(in)) {
            for (var event = reader.next(); event.isPresent(); event = reader.next()) {
                events.add(event.get());
            }
        } catch (IOException e) {
            // the stream has ended
        }
        ended = true;
    }

    /** The events so far, without {@code stream-open}. */
    public List<WireEvent> events() {
        List<WireEvent> all = List.copyOf(events);
        return all.subList(1, all.size());
    }

    /** The data of the events so far, without {@code stream-open}. */
    public List<String> data() {
        return events().stream().map(WireEvent::data).toList();
    }

    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
