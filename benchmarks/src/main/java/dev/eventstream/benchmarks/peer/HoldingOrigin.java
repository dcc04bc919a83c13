package dev.eventstream.benchmarks.peer;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** An origin that asks Pushpin to hold every request as a stream of the channel that its query names. */
final class HoldingOrigin {
    private HoldingOrigin() {}

    /** Its argument is the port. It runs until it is killed. */
    public static void main(String[] arguments) throws IOException {
        byte[] body = ":\n\n".getBytes(StandardCharsets.US_ASCII);
        int port = Integer.parseInt(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.getResponseHeaders().set("Grip-Hold", "stream");
            exchange.getResponseHeaders().set("Grip-Channel", query.substring(query.indexOf('=') + 1));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
