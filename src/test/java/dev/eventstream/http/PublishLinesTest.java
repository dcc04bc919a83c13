package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Stopwatch;
import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Posts of any number of lines, with one event each. */
class PublishLinesTest {
    private static final String TOKEN = "Authorization: Bearer a-token-for-the-tests";
    private static final String BILLING = "Authorization: Bearer billing-token-of-the-tests";
    private static final String SLOW = "Authorization: Bearer slow-token-of-the-tests";
    private static final String NDJSON = "Content-Type: application/x-ndjson";
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    @RegisterExtension
    static final TestServer SERVER = new TestServer(
            "eventStream.publish.maxBodyBytes=1000",
            "eventStream.limits.dataCharacters=500",
            "eventStream.sendTimeout=1s",
            "eventStream.limits.publishEventsPerSecond=10000",
            "server.applicationConnectors[0].idleTimeout=3s",
            "eventStream.keepAlive=1s");

    /** A post that a test continues. */
    private static final class Post implements AutoCloseable {
        private final RawHttp client;

        Post(String... headerLines) throws IOException {
            this(SERVER, headerLines);
        }

        Post(TestServer server, String... headerLines) throws IOException {
            client = new RawHttp(server.port());
            client.send(RawHttp.request("POST", "/events", headerLines));
        }

        Post send(String part) throws IOException {
            return send(part.getBytes(StandardCharsets.UTF_8));
        }

        Post send(byte[] part) throws IOException {
            client.send(Integer.toHexString(part.length) + "\r\n").send(part).send("\r\n");
            return this;
        }

        Answer end() throws IOException {
            return client.send("0\r\n\r\n").answer();
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private static Answer post(String body, String token) throws IOException {
        return post(SERVER, body, token);
    }

    private static Answer post(TestServer server, String body, String token) throws IOException {
        return RawHttp.post(server.port(), "/events", body.getBytes(StandardCharsets.UTF_8), token, NDJSON);
    }

    private static String line(String channel, Object data) {
        return "{\"channel\":\"" + channel + "\",\"data\":" + data + "}\n";
    }

    private static String ids(String channel, int from, int to) {
        String newest = newest(channel);
        String epoch = newest.substring(0, newest.indexOf('-') + 1);
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> "{\"id\":\"" + epoch + i + "\"}\n")
                .collect(Collectors.joining());
    }

    private static String newest(String channel) {
        return SERVER.events().currentEventId(channel).substring(channel.length() + 1);
    }

    private static String dataIn(String channel, int events) {
        try (TestStream stream = SERVER.stream("/events?channel=" + channel, "Last-Event-ID", channel + "=0-0")
                .awaitMessages(events)) {
            return stream.messages().stream().map(WireEvent::data).collect(Collectors.joining("|"));
        }
    }

    private static int openPosts() {
        return SERVER.gauged("eventstream.posts.open");
    }

    // ---- answers

    @Test
    void each_line_is_answered_while_the_post_continues() throws IOException {
        try (Post post = new Post(TOKEN, NDJSON, CHUNKED, "Connection: close")) {
            post.send(line("live", 1)).client.readUntil("-1\"}\n");
            assertThat(dataIn("live", 1)).isEqualTo("1");
            String second = line("live", 2);
            post.send(second.substring(0, 12)).send(second.substring(12)).client.readUntil("-2\"}\n");
            post.send(line("live", 3) + line("live", 4)).client.readUntil("-4\"}\n");
            Answer answer = post.end();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store, no-transform");
            assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(answer.body()).isEqualTo(ids("live", 1, 4));
        }
    }

    @Test
    void many_lines_are_stored_and_answered_in_their_order() throws IOException {
        int count = 5_000;
        Answer answer = post(
                IntStream.range(0, count)
                        .mapToObj(i -> line("many-" + i % 3, i))
                        .collect(Collectors.joining()),
                TOKEN);

        List<String> answers = answer.body().lines().toList();
        assertThat(answers).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(answers.get(i)).endsWith("-" + (i / 3 + 1) + "\"}");
        }
        assertThat(dataIn("many-1", 1_667))
                .isEqualTo(IntStream.range(0, 1_667)
                        .mapToObj(i -> Integer.toString(i * 3 + 1))
                        .collect(Collectors.joining("|")));
    }

    @Test
    void a_line_that_is_not_allowed_gets_an_error_in_its_place_and_the_others_are_sent() throws IOException {
        String event = line("mixed", 3).strip();
        String longest = event + " ".repeat(1_000 - event.length());
        Answer answer = post(
                line("mixed", 1) + "{\"channel\":\"mixed\"\n" + "["
                        + line("mixed", 2).strip() + "]\n"
                        + "{\"channel\":\"mixed\",\"data\":1,\"text\":\"\"}\n" + longest + "\n" + longest + " \n"
                        + line("unstored-1", 4) + "{\"channel\":\"mixed\",\"text\":\"" + "x".repeat(501) + "\"}\n"
                        + "\u0000\n" + line("mixed", 5),
                TOKEN);

        String first = ids("mixed", 1, 1);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(first
                        + "{\"error\":\"the line is not valid JSON\"}\n"
                        + "{\"error\":\"an event must be an object with channel, type and data\"}\n"
                        + "{\"error\":\"an event needs either data (any JSON) or text\"}\n"
                        + first.replace("-1", "-2")
                        + "{\"error\":\"the line has more than 1000 bytes (eventStream.publish.maxBodyBytes)\"}\n"
                        + "{\"id\":null}\n"
                        + "{\"error\":\"event of type \\\"message\\\" with 501 characters for channel \\\"mixed\\\" is too long;"
                        + " eventStream.limits.dataCharacters allows 500\"}\n"
                        + "{\"error\":\"the line is not valid JSON\"}\n"
                        + first.replace("-1", "-3"));
        assertThat(dataIn("mixed", 3)).isEqualTo("1|3|5");
    }

    @Test
    void the_channel_of_each_line_must_be_allowed() throws IOException {
        Answer answer = post(line("invoice-1", 1) + line("secret", 2) + line("invoice-1", 3), BILLING);

        String first = ids("invoice-1", 1, 1);
        assertThat(answer.body())
                .isEqualTo(first
                        + "{\"error\":\"this token may not send to that channel"
                        + " (eventStream.publish.senders[].channels)\"}\n"
                        + first.replace("-1\"", "-2\""));
        assertThat(newest("secret")).isEqualTo("0-0");
    }

    @Test
    void blank_lines_get_no_answer_and_the_last_line_needs_no_line_feed() throws IOException {
        String body = "\n  \t\r\n" + line("blank", 1).replace("\n", "\r\n") + "\n"
                + line("blank", 2).strip();

        assertThat(post(body, TOKEN).body()).isEqualTo(ids("blank", 1, 2));
        assertThat(post("", TOKEN).body()).isEmpty();
    }

    @Test
    void a_repeated_key_is_answered_with_the_first_id_also_within_a_post() throws IOException {
        String keyed = "{\"channel\":\"keyed\",\"data\":1,\"idempotencyKey\":\"k\"}\n";

        Answer answer = post(keyed + keyed + line("keyed", 2) + keyed, TOKEN);

        String first = ids("keyed", 1, 1);
        assertThat(answer.body()).isEqualTo(first + first + first.replace("-1", "-2") + first);
    }

    @Test
    void a_post_is_answered_even_if_it_ends_before_jersey_has_suspended_its_request() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            List<Future<Answer>> answers = clients.invokeAll(Collections.nCopies(2_000, () -> post("{\n", TOKEN)));
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().body()).isEqualTo("{\"error\":\"the line is not valid JSON\"}\n");
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void a_compressed_post_is_answered_while_it_continues() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (Post post = new Post(TOKEN, NDJSON, CHUNKED, "Content-Encoding: gzip", "Connection: close");
                GZIPOutputStream gzip = new GZIPOutputStream(compressed, true)) {
            for (int i = 1; i <= 3; i++) {
                gzip.write(line("zipped", i).getBytes(StandardCharsets.UTF_8));
                gzip.flush();
                post.send(compressed.toByteArray()).client.readUntil("-" + i + "\"}\n");
                compressed.reset();
            }
            gzip.finish();
            post.send(compressed.toByteArray());

            assertThat(post.end().body()).isEqualTo(ids("zipped", 1, 3));
        }
    }

    // ---- refused posts

    @Test
    void a_post_without_a_valid_token_is_refused() throws IOException {
        assertThat(post(line("denied", 1), "X: y").status()).isEqualTo(401);
        assertThat(post(line("denied", 1), TOKEN + "x").status()).isEqualTo(401);
        assertThat(newest("denied")).isEqualTo("0-0");
    }

    @Test
    void a_node_reads_a_limited_number_of_posts_at_a_time() throws Exception {
        TestServer server = new TestServer(); // with an idle timeout that no post reaches meanwhile
        server.start();
        List<Post> posts = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                Post post = new Post(server, TOKEN, NDJSON, CHUNKED);
                posts.add(post);
                post.send(line("crowded", i)).client.readUntil("\"}\n");
            }
            Answer refused = post(server, line("crowded", 0), TOKEN);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.body())
                    .isEqualTo("{\"message\":\"This node reads as many posts of lines as it can; try again later.\"}");
            posts.remove(0).close();
            await().until(() -> post(server, line("crowded", 0), TOKEN).status() == 200);
        } finally {
            for (Post post : posts) {
                post.close();
            }
            server.stop();
        }
    }

    // ---- failures of the service

    @Test
    void a_line_that_cannot_be_stored_ends_the_post_and_no_later_line_overtakes_it() throws IOException {
        SERVER.events().send("locked", "message", 1);
        Answer answer = SERVER.jdbi().inTransaction(handle -> {
            SERVER.events().in(handle).send("locked", "message", 2);
            return post(line("free", 1) + "no JSON\n" + line("locked", 3) + line("free", 4) + "no JSON\n", TOKEN);
        });

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(ids("free", 1, 1)
                        + "{\"error\":\"the line is not valid JSON\"}\n"
                        + "{\"error\":\"the event was not sent; try again from here\",\"ended\":true}\n");
        assertThat(newest("locked")).endsWith("-2");
    }

    @Test
    void a_post_ends_with_an_answer_when_the_server_stops() throws Exception {
        TestServer server = new TestServer();
        server.start();
        String line = line("stopped", 1);
        AtomicInteger answered = new AtomicInteger();
        try (RawHttp client = new RawHttp(server.port())) {
            client.send(RawHttp.request("POST", "/events", TOKEN, NDJSON, CHUNKED));
            Future<?> sender = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        client.send(Integer.toHexString(line.length()) + "\r\n" + line + "\r\n");
                        client.readUntil("-" + (answered.get() + 1) + "\"}\n");
                        answered.incrementAndGet();
                    }
                } catch (IOException e) {
                    // the post has ended
                }
            });
            await().until(() -> answered.get() > 10);
            Stopwatch watch = Stopwatch.createStarted();
            server.stop();

            assertThat(watch.elapsed()).isLessThan(Duration.ofSeconds(10));
            sender.get(10, TimeUnit.SECONDS);
            assertThat(client.readAll())
                    .containsPattern("-" + answered + "\"}\n\r\n[0-9a-f]+\r\n\\{\"error\":\"the server is stopping;"
                            + " try again from here\",\"ended\":true}\n\r\n0\r\n\r\n$");
            long stored = server.jdbi()
                    .withHandle(handle -> handle.createQuery(
                                    "SELECT newest FROM eventstream_channel WHERE name = 'stopped'")
                            .mapTo(Long.class)
                            .one());
            assertThat(stored).isEqualTo(answered.get());
        }
    }

    @Test
    void a_silent_client_does_not_keep_the_server_from_stopping() throws Exception {
        TestServer server = new TestServer();
        server.start();
        try (RawHttp client = new RawHttp(server.port())) {
            client.send(RawHttp.request("POST", "/events", TOKEN, NDJSON, CHUNKED));
            String line = line("silent", 1);
            client.send(Integer.toHexString(line.length()) + "\r\n" + line + "\r\n")
                    .readUntil("-1\"}\n");
            for (int i = 0; i < 10; i++) { // in the meantime, the server begins to wait for the client
                RawHttp.get(server.port(), "/unknown");
            }
            Stopwatch watch = Stopwatch.createStarted();
            server.stop();

            assertThat(watch.elapsed()).isBetween(LinePosts.STOP_WAIT, Duration.ofSeconds(10));
            assertThat(client.readAll()).contains("-1\"}\n").doesNotContain("ended");
        }
    }

    // ---- clients that break off, stall or send too fast

    @Test
    void committed_events_stay_if_the_client_disconnects_in_the_middle() throws IOException {
        try (Logged logged = new Logged()) {
            try (Post post = new Post(TOKEN, NDJSON, CHUNKED)) {
                post.send(line("cut", 1) + line("cut", 2)).client.readUntil("-2\"}\n");
                // complete as JSON, but not as a line
                post.send(line("cut", 3).strip());
            }
            await().until(() -> openPosts() == 0);

            assertThat(dataIn("cut", 2)).isEqualTo("1|2");
            assertThat(logged.lines()).noneMatch(line -> line.startsWith("WARN") || line.startsWith("ERROR"));
        }
    }

    @Test
    void a_client_that_stalls_is_cut_off() throws IOException {
        try (Post post = new Post(TOKEN, NDJSON, CHUNKED)) {
            post.send(line("stalled", 1)).client.readUntil("-1\"}\n");

            await().atMost(Duration.ofSeconds(20)).until(() -> openPosts() == 0);
        }
    }

    @Test
    void nothing_is_read_from_a_client_that_does_not_read_the_answers() throws IOException {
        byte[] lines = line("unread", 1).repeat(1_000).getBytes(StandardCharsets.UTF_8);
        byte[] chunk = (Integer.toHexString(lines.length) + "\r\n" + new String(lines, StandardCharsets.UTF_8) + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        try (SocketChannel client = SocketChannel.open()) {
            client.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
            client.connect(new InetSocketAddress("localhost", SERVER.port()));
            client.write(ByteBuffer.wrap(
                    RawHttp.request("POST", "/events", TOKEN, NDJSON, CHUNKED).getBytes(StandardCharsets.UTF_8)));
            client.configureBlocking(false);
            ByteBuffer rest = ByteBuffer.wrap(chunk);
            await("no byte is accepted for a second")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .during(Duration.ofSeconds(1))
                    .until(() -> !sendMore(client, rest));

            await(
                            "the server closes the connection after its idle timeout, which begins when it has stored what it has read")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> openPosts() == 0);
        }
    }

    @Test
    void a_wait_for_the_allowance_may_be_longer_than_the_idle_timeout() throws Exception {
        TestServer server = new TestServer(
                "eventStream.limits.publishEventsPerSecond=100",
                "server.applicationConnectors[0].idleTimeout=3s",
                "eventStream.keepAlive=1s");
        server.start();
        try {
            // the allowance of ten seconds, and that of ten more, of which one batch uses more than five
            Stopwatch watch = Stopwatch.createStarted();
            Answer answer = RawHttp.post(
                    server.port(),
                    "/events",
                    line("unstored-slow", 1).repeat(2_000).getBytes(StandardCharsets.UTF_8),
                    TOKEN,
                    NDJSON);

            assertThat(answer.body()).isEqualTo("{\"id\":null}\n".repeat(2_000));
            assertThat(watch.elapsed()).isGreaterThan(Duration.ofSeconds(6));
        } finally {
            server.stop();
        }
    }

    private static boolean sendMore(SocketChannel client, ByteBuffer repeated) throws IOException {
        boolean isAccepted = false;
        while (client.write(repeated) > 0) {
            isAccepted = true;
            if (!repeated.hasRemaining()) {
                repeated.rewind();
            }
        }
        return isAccepted;
    }

    @Test
    void a_token_that_sends_too_fast_is_read_more_slowly_and_loses_nothing() throws IOException {
        // the allowance of ten seconds, and that of two more
        int count = 120_000;
        Stopwatch watch = Stopwatch.createStarted();
        Answer answer = post(line("unstored-fast", 1).repeat(count), SLOW);

        assertThat(watch.elapsed()).isGreaterThan(Duration.ofMillis(1_500));
        assertThat(answer.body().lines().filter("{\"id\":null}"::equals)).hasSize(count);
    }
}
