package dev.eventstream.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A control port that answers as scripted, and records its requests. Thread-safe. */
final class ScriptedControlPort implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Function<Received, Reply> script = request -> new Reply(200, "Published\n");

    ScriptedControlPort() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** A request. */
    record Received(String path, String length, String coding, String authorization, String body, long atNanos) {
        List<JsonNode> items() {
            try {
                List<JsonNode> items = new ArrayList<>();
                JSON.readTree(body).path("items").forEach(items::add);
                return items;
            } catch (IOException e) {
                throw new IllegalStateException("no JSON: " + body, e);
            }
        }
    }

    /**
     * An answer.
     *
     * @param status {@link #HANG} for none, {@link #BREAK} for the end of the connection
     */
    record Reply(int status, String body) {
        static final int HANG = -1;
        static final int BREAK = -2;

        static Reply of(int status) {
            return new Reply(status, "");
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void replies(Function<Received, Reply> as) {
        script = as;
    }

    void replies(int status) {
        script = request -> Reply.of(status);
    }

    List<Received> requests() {
        return requests;
    }

    /** All items of all requests, in order. */
    List<JsonNode> items() {
        return requests.stream().flatMap(request -> request.items().stream()).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Received request = new Received(
                    exchange.getRequestURI().toString(),
                    header(exchange, "Content-Length"),
                    header(exchange, "Transfer-Encoding") + header(exchange, "Content-Encoding"),
                    header(exchange, "Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    System.nanoTime());
            Reply reply = script.apply(request);
            requests.add(request);
            if (reply.status == Reply.HANG) {
                boolean unused = closing.await(1, TimeUnit.MINUTES);
            } else if (reply.status != Reply.BREAK) {
                byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Connection", "close");
                exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
