package dev.eventstream.bench;

import dev.eventstream.ServiceProcess;
import dev.eventstream.database.PostgresServer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Measures how many events a second one connection can send: as lines of one post, and as single posts. */
public final class PostedEvents {
    private static final String HEAD =
            "POST /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a-token-for-the-tests\r\n";

    private final ServiceProcess service;
    private final int channels;

    private PostedEvents(ServiceProcess service, int channels) {
        this.service = service;
        this.channels = channels;
    }

    /** Arguments: {@code --events N --channels N --rounds N}, all with defaults. */
    public static void main(String[] arguments) throws Exception {
        Arguments options = new Arguments(arguments, "--events", "--channels", "--rounds");
        int events = options.number("--events", 200_000);
        PostgresServer server = PostgresServer.shared();
        ServiceProcess.Database database = new ServiceProcess.Database(
                "org.postgresql.Driver", server.jdbcUrl(server.freshDatabase()), server.user());
        Path directory = Files.createTempDirectory("lines");
        String limits = "limits: {publishEventsPerSecond: 1000000, publishBytesPerSecond: 1073741824}";
        try (ServiceProcess service = ServiceProcess.start(directory, List.of("-Xmx512m"), database, limits)) {
            PostedEvents bench = new PostedEvents(service, options.number("--channels", 20));
            bench.lines(events / 2);
            bench.single(events / 20);
            for (int i = 0; i < options.number("--rounds", 3); i++) {
                bench.measure("single posts", bench::single, events / 20);
                bench.measure("lines of one post", bench::lines, events);
            }
        }
        System.exit(0);
    }

    private interface Way {
        void send(int events) throws Exception;
    }

    private void measure(String way, Way sending, int events) throws Exception {
        Duration cpu = service.cpu();
        long start = System.nanoTime();
        sending.send(events);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuMicros = service.cpu().minus(cpu).toNanos() / 1e3 / events;
        System.out.println(String.format(
                Locale.ROOT,
                "postgresql, one connection, %d events as %s: %.0f events/s, %.0f µs of the service's CPU per event",
                events,
                way,
                events / seconds,
                cpuMicros));
        Figures.printHigherIsBetter("postgresql, " + way, events / seconds, "events/s");
    }

    private String event(int number) {
        return "{\"channel\":\"channel-" + number % channels + "\",\"text\":\"" + "x".repeat(100) + "\"}";
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private void single(int events) throws IOException {
        try (Socket socket = connect();
                BufferedReader answers = reader(socket)) {
            for (int i = 0; i < events; i++) {
                String body = event(i);
                String head = HEAD + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
                socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
                require(answers.readLine(), "HTTP/1.1 201");
                while (!answers.readLine().isEmpty()) {}
                while (answers.read() != '}') {}
            }
        }
    }

    private void lines(int events) throws Exception {
        long length = 0;
        for (int i = 0; i < events; i++) {
            length += event(i).length() + 1;
        }
        String head = HEAD + "Content-Type: application/x-ndjson\r\nContent-Length: " + length + "\r\n\r\n";
        try (Socket socket = connect();
                BufferedReader answers = reader(socket);
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16)) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> readAnswers(answers, events));
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < events; i++) {
                out.write((event(i) + '\n').getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
            answered.get();
        }
    }

    private static void readAnswers(BufferedReader answers, int events) {
        try {
            require(answers.readLine(), "HTTP/1.1 200");
            for (int seen = 0; seen < events; ) {
                String line = answers.readLine();
                if (line.startsWith("{\"error")) {
                    throw new IllegalStateException(line);
                }
                seen += line.startsWith("{\"id") ? 1 : 0;
            }
        } catch (IOException e) {
            throw new IllegalStateException("the answers ended too early", e);
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(new BufferedInputStream(socket.getInputStream()), StandardCharsets.US_ASCII));
    }

    private static void require(String line, String start) {
        if (!line.startsWith(start)) {
            throw new IllegalStateException(line);
        }
    }
}
