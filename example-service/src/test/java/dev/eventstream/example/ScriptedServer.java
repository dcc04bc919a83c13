package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import com.google.common.primitives.Bytes;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the browser client on an empty page, and prepared answers in their order under {@code /events}; after the last one it
 * answers 503. Thread-safe.
 */
final class ScriptedServer implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    private record Answer(int status, String body, int bytesAtOnce) {}

    ScriptedServer() throws IOException {
        byte[] client = Resources.toByteArray(Resources.getResource("dev/eventstream/eventstream.js"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        // within the page: on a busy machine, Chromium has shown a page without the script that it refers to
        byte[] page = Bytes.concat(bytes("<!doctype html><script>"), client, bytes("</script>"));
        server.createContext("/", exchange -> answer(exchange, 200, "text/html; charset=utf-8", page));
        server.createContext("/events", this::events);
        server.start();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** The next stream: exactly this text, then its end. */
    ScriptedServer streams(String text) {
        answers.add(new Answer(200, text, Integer.MAX_VALUE));
        return this;
    }

    /** The next stream: this text, with a given number of bytes every tenth of a second, as over a slow connection. */
    ScriptedServer trickles(String text, int bytesAtOnce) {
        answers.add(new Answer(200, text, bytesAtOnce));
        return this;
    }

    /** The next answer is a failure. */
    ScriptedServer fails(int status) {
        answers.add(new Answer(status, "no stream", Integer.MAX_VALUE));
        return this;
    }

    String address(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    /** Each request for a stream: its query, and its Last-Event-ID header if present. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void events(HttpExchange exchange) throws IOException {
        String lastEventId = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        requests.add(exchange.getRequestURI().getRawQuery() + (lastEventId == null ? "" : " " + lastEventId));
        @Nullable Answer next = answers.poll();
        Answer answer = next == null ? new Answer(503, "", Integer.MAX_VALUE) : next;
        byte[] body = answer.body().getBytes(UTF_8);
        if (answer.bytesAtOnce() < body.length) {
            trickle(exchange, body, answer.bytesAtOnce());
        } else {
            answer(exchange, answer.status(), "text/event-stream", body);
        }
    }

    private static void trickle(HttpExchange exchange, byte[] body, int bytesAtOnce) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int at = 0; at < body.length; at += bytesAtOnce) {
                out.write(body, at, Math.min(bytesAtOnce, body.length - at));
                out.flush();
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (status == 503) {
            exchange.getResponseHeaders().set("Retry-After", "1");
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
