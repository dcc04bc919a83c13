package dev.eventstream;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A client of a stream: keeps every line, and closes the connection without a word. Thread-safe. */
public final class TestStream implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final HttpResponse<InputStream> response;

    // guarded by text
    private final StringBuilder text = new StringBuilder();
    private final List<Block> blocks = new ArrayList<>();
    private final List<Block> messages = new ArrayList<>();

    private volatile boolean ended;

    private TestStream(HttpResponse<InputStream> response) {
        this.response = response;
        Thread reader = new Thread(this::read, "test-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** One block of the stream: its lines without the blank one. */
    public record Block(List<String> lines) {
        /** The values of the fields of that name, joined by line feeds; empty if there is none. */
        public String field(String name) {
            return String.join(
                    "\n",
                    lines.stream()
                            .filter(line -> line.startsWith(name + ": "))
                            .map(line -> line.substring(name.length() + 2))
                            .toList());
        }

        /** Whether the application has sent it. */
        boolean isMessage() {
            return !type().isEmpty() && !type().startsWith("stream-") && !type().equals("keep-alive");
        }

        public String type() {
            return field("event");
        }

        public String id() {
            return field("id");
        }

        public String data() {
            return field("data");
        }
    }

    /** Opens a stream; header names and values take turns. */
    public static TestStream open(int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new TestStream(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (text) {
                    text.append(line).append('\n');
                    if (line.isEmpty()) {
                        add(new Block(List.copyOf(lines)));
                        lines.clear();
                    } else {
                        lines.add(line);
                    }
                }
            }
        } catch (IOException e) {
            // cut off, by us or by the service: either way no more comes
        } finally {
            ended = true;
        }
    }

    /** Waits until more than so many blocks have come, the stream has ended, or a tenth of a second has passed. */
    void awaitMoreThan(int count) {
        synchronized (text) {
            if (blocks.size() <= count && !ended) {
                try {
                    text.wait(100);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void add(Block block) {
        text.notifyAll();
        blocks.add(block);
        if (block.isMessage()) {
            messages.add(block);
        }
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** All whole lines that have come. */
    public String text() {
        synchronized (text) {
            return text.toString();
        }
    }

    /** All whole blocks that have come. */
    public List<Block> blocks() {
        synchronized (text) {
            return List.copyOf(blocks);
        }
    }

    /** The blocks of events that the application has sent. */
    public List<Block> messages() {
        synchronized (text) {
            return List.copyOf(messages);
        }
    }

    private int messageCount() {
        synchronized (text) {
            return messages.size();
        }
    }

    /** The last id that has come by now, as an EventSource would send it when it returns; more may come meanwhile. */
    public String lastEventId() {
        return blocks().stream().map(Block::id).filter(id -> !id.isEmpty()).reduce("", (earlier, later) -> later);
    }

    public TestStream awaitBlock(Predicate<Block> wanted) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> blocks().stream().anyMatch(wanted));
        return this;
    }

    public TestStream awaitOpen() {
        return awaitBlock(block -> block.type().equals("stream-open"));
    }

    public TestStream awaitMessages(int count) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(this::messageCount, size -> size >= count);
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
