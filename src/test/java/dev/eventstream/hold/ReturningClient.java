package dev.eventstream.hold;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads streams one after another, each after the time that the one before set, until it cannot connect. Like a browser that has
 * loaded a page, it has another open connection to the server, and uses it for its next stream.
 */
final class ReturningClient implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI service;
    private final CountDownLatch isOpen = new CountDownLatch(1);
    private final CountDownLatch isClosed = new CountDownLatch(1);
    private final CompletableFuture<List<Integer>> statuses;
    private long retryMillis;

    ReturningClient(int port) {
        this.service = URI.create("http://localhost:" + port);
        this.statuses = CompletableFuture.supplyAsync(this::read, work -> new Thread(work, "returning-client").start());
    }

    void awaitOpen() {
        try {
            if (!isOpen.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no stream after 20 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The statuses of its answers. */
    List<Integer> statuses() throws Exception {
        return statuses.get(20, TimeUnit.SECONDS);
    }

    private List<Integer> read() {
        List<Integer> answers = new ArrayList<>();
        try {
            while (answers.size() < 100) {
                answers.add(readStream());
                if (isClosed.await(retryMillis, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // the server accepts no connections any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answers;
    }

    private int readStream() throws IOException, InterruptedException {
        HttpResponse<InputStream> stream = http.send(request("/events?channel=returns"), BodyHandlers.ofInputStream());
        if (isOpen.getCount() > 0) {
            http.send(request("/missing"), BodyHandlers.discarding());
            isOpen.countDown();
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
            lines.lines()
                    .filter(line -> line.startsWith("retry: "))
                    .forEach(line -> retryMillis = Long.parseLong(line.substring("retry: ".length())));
        }
        return stream.statusCode();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(service.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    @Override
    public void close() {
        isClosed.countDown();
    }
}
