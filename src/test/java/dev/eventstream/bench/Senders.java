package dev.eventstream.bench;

import dev.eventstream.ServiceProcess;
import dev.eventstream.database.DatabaseServer;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.database.PostgresServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures how many events a second programs can post, one per request: one program, and many at once. */
public final class Senders {
    private static final int CHANNELS = 20;

    private final ServiceProcess service;
    private final int seconds;

    private Senders(ServiceProcess service, int seconds) {
        this.service = service;
        this.seconds = seconds;
    }

    /** Arguments: {@code --database h2|postgresql|mariadb --senders N --seconds N --warm-up SECONDS}, all with defaults. */
    public static void main(String[] arguments) throws Exception {
        Arguments options = new Arguments(arguments, "--database", "--senders", "--seconds", "--warm-up");
        Path directory = Files.createTempDirectory("senders");
        String database = options.text("--database", "h2");
        try (ServiceProcess service =
                ServiceProcess.start(directory, List.of("-Xmx512m"), database(database, directory), "")) {
            Senders senders = new Senders(service, options.number("--seconds", 10));
            int many = options.number("--senders", 64);
            senders.send(many, options.number("--warm-up", 4));
            senders.measure(1, database);
            senders.measure(many, database);
        }
        System.exit(0);
    }

    private static ServiceProcess.Database database(String name, Path directory) {
        return switch (name) {
            case "h2" -> ServiceProcess.Database.h2(directory);
            case "postgresql" -> server(PostgresServer.shared(), "org.postgresql.Driver");
            case "mariadb" -> server(MariaDbServer.shared(), "org.mariadb.jdbc.Driver");
            default -> throw new IllegalArgumentException("--database " + name + "; see ./bench --help");
        };
    }

    private static ServiceProcess.Database server(DatabaseServer server, String driver) {
        return new ServiceProcess.Database(driver, server.jdbcUrl(server.freshDatabase()), server.user());
    }

    private void measure(int senders, String database) throws Exception {
        Duration cpu = service.cpu();
        long[] nanos = send(senders, seconds);
        double cpuMicros = service.cpu().minus(cpu).toNanos() / 1e3 / nanos.length;
        Arrays.sort(nanos);
        double perSecond = nanos.length / (double) seconds;
        System.out.println(String.format(
                Locale.ROOT,
                "%s, %d sender(s): %.0f events/s, p50 %.2f ms, p99 %.2f ms, max %.1f ms, %.0f µs of the service's CPU per event",
                database,
                senders,
                perSecond,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6,
                nanos[nanos.length - 1] / 1e6,
                cpuMicros));
        Figures.printHigherIsBetter(database + ", " + senders + " sender(s)", perSecond, "events/s");
        Figures.printLowerIsBetter(database + ", " + senders + " sender(s), CPU", cpuMicros, "µs/event");
    }

    private long[] send(int senders, int forSeconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(senders);
        List<Future<long[]>> results = new ArrayList<>();
        long end = System.nanoTime() + forSeconds * 1_000_000_000L;
        for (int i = 0; i < senders; i++) {
            String channel = "channel-" + i % CHANNELS;
            results.add(threads.submit(() -> sendUntil(end, channel)));
        }
        List<long[]> all = new ArrayList<>();
        for (Future<long[]> result : results) {
            all.add(result.get());
        }
        threads.shutdown();
        return all.stream().flatMapToLong(Arrays::stream).toArray();
    }

    // a client with as little overhead as possible
    private long[] sendUntil(long end, String channel) throws IOException {
        String body = "{\"channel\": \"" + channel + "\", \"text\": \"" + "x".repeat(100) + "\"}";
        byte[] request = ("POST /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a-token-for-the-tests\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
        long[] nanos = new long[1024];
        int sent = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (System.nanoTime() - end < 0) {
                long start = System.nanoTime();
                socket.getOutputStream().write(request);
                readAnswer(in);
                nanos = sent == nanos.length ? Arrays.copyOf(nanos, sent * 2) : nanos;
                nanos[sent++] = System.nanoTime() - start;
            }
        }
        return Arrays.copyOf(nanos, sent);
    }

    private static void readAnswer(InputStream in) throws IOException {
        String status = line(in);
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!status.startsWith("HTTP/1.1 201")) {
            throw new IllegalStateException(status + ": " + body);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the answer ended in the middle of a line");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
