package dev.eventstream.benchmarks.peer;

import dev.eventstream.benchmarks.load.PublishRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The product: the smallest Dropwizard application with the bundle. Limits that protect a service from its clients are raised, because the
 * load generator is a single address with a single token; nothing else differs from the defaults.
 *
 * @param storesNothing whether its channels are not stored
 * @param storage where it stores events
 * @param more lines for the block {@code eventStream}, not indented; may be empty
 */
public record Ours(String name, boolean storesNothing, Storage storage, List<String> jvmOptions, String more)
        implements Peer {
    static final String TOKEN = "token-of-the-load-generator";
    private static final Pattern HEAP_USED = Pattern.compile("\"jvm.memory.heap.used\":\\{\"value\":(\\d+)");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Its channels are not stored, and it has an empty log in memory. */
    public static Ours unstored() {
        return new Ours("ours, unstored", true, OwnLog.H2, List.of("-Xmx512m"), "");
    }

    /** It stores events in H2: a file that is written at each commit. */
    public static Ours onH2() {
        return new Ours("ours, H2", false, OwnLog.H2, List.of("-Xmx512m"), "");
    }

    /** It stores events in PostgreSQL: a server of its own, with its defaults. */
    public static Ours onPostgresql() {
        return new Ours("ours, PostgreSQL", false, OwnLog.POSTGRESQL, List.of("-Xmx512m"), "");
    }

    /** The same with more lines for the block {@code eventStream}. */
    public Ours with(String lines) {
        return new Ours(name, storesNothing, storage, jvmOptions, more + lines);
    }

    /** The same with other options of the JVM. */
    public Ours withJvm(String... options) {
        return new Ours(name, storesNothing, storage, List.of(options), more);
    }

    /** The same under another name. */
    public Ours named(String other) {
        return new Ours(other, storesNothing, storage, jvmOptions, more);
    }

    @Override
    public String version() {
        return storesNothing ? "" : storage.version();
    }

    @Override
    public boolean isJvm() {
        return true;
    }

    @Override
    public Server start(Path directory) throws Exception {
        return start(directory, ServerProcess.freePort());
    }

    /** Starts one on a port that was chosen before, because a proxy must know it. */
    Server start(Path directory, int port) throws Exception {
        Database database = storage.open(directory);
        try {
            return start(directory, port, database);
        } catch (Exception e) {
            database.end().run();
            throw e;
        }
    }

    private Server start(Path directory, int port, Database database) throws Exception {
        int adminPort = ServerProcess.freePort();
        String yaml =
                String.format(Locale.ROOT, """
                        server:
                          applicationConnectors: [{type: http, port: %d, bindHost: 127.0.0.1, acceptQueueSize: 4096}]
                          adminConnectors: [{type: http, port: %d, bindHost: 127.0.0.1}]
                          requestLog: {appenders: []}
                        logging: {level: WARN}
                        database: %s
                        eventStream:
                          unstored: [%s]
                          publish: {tokens: [%s]}
                          limits:
                            streams: 100000
                            streamsPerAddress: 100000
                            channelSetsPerAddress: 100000
                            newStreamsPerSecond: 100000
                            newStreamsPerSecondPerAddress: 100000
                            publishEventsPerSecond: 1000000
                            publishBytesPerSecond: 1073741824
                        """, port, adminPort, database.yaml(), storesNothing ? "'*'" : "", TOKEN)
                        + more.indent(2);
        String file = Files.writeString(directory.resolve("service.yml"), yaml, StandardCharsets.UTF_8)
                .toString();
        ServerProcess process = ServerProcess.startJava(directory, jvmOptions, MeasuredService.class, "server", file);
        process.await("answer at /ping", () -> get(adminPort, "/ping").contains("pong"));
        return new Running(process, port, adminPort, database.end());
    }

    private static String get(int port, String path) throws IOException {
        return answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)));
    }

    private static String answer(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private record Running(ServerProcess process, int port, int adminPort, Runnable end) implements Server {
        private static final String HEAD = "POST /events HTTP/1.1\nAuthorization: Bearer " + TOKEN + '\n';

        @Override
        public String streamHead(String channel) {
            return "GET /events?channel=" + channel + " HTTP/1.1\n";
        }

        @Override
        public PublishRequest publishRequest(String channel, int dataLength) {
            return PublishRequest.post(HEAD + "Content-Type: application/json\n", event(channel, dataLength));
        }

        @Override
        public PublishRequest batchRequest(List<String> channels, int dataLength) {
            return PublishRequest.post(
                    HEAD + "Content-Type: application/json\n",
                    channels.stream()
                            .map(channel -> event(channel, dataLength))
                            .collect(Collectors.joining(",", "[", "]")));
        }

        @Override
        public PublishRequest linesRequest(List<String> channels, int dataLength) {
            return PublishRequest.post(
                    HEAD + "Content-Type: application/x-ndjson\n",
                    channels.stream()
                            .map(channel -> event(channel, dataLength) + '\n')
                            .collect(Collectors.joining()));
        }

        private static String event(String channel, int dataLength) {
            return "{\"channel\":\"" + channel + "\",\"text\":\"" + PublishRequest.data(dataLength) + "\"}";
        }

        /** That of the service, without its database. */
        @Override
        public Usage usage() {
            return process.usage();
        }

        /** The least of several readings, because the service allocates between a collection and a reading. */
        @Override
        public long liveHeapBytes() throws IOException {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/tasks/gc?runs=2"))
                        .POST(HttpRequest.BodyPublishers.noBody()));
                Matcher used = HEAP_USED.matcher(get(adminPort, "/metrics"));
                if (!used.find()) {
                    throw new IOException("the metrics have no jvm.memory.heap.used");
                }
                least = Math.min(least, Long.parseLong(used.group(1)));
            }
            return least;
        }

        @Override
        public void close() {
            process.close();
            end.run();
        }
    }
}
