package dev.eventstream.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import dev.eventstream.subscriber.StreamSink;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.LocalConnector.LocalEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler in a Jetty without sockets. */
class HoldHandlerTest {
    private static final HoldInstruction INSTRUCTION = new HoldInstruction(
            List.of(new ChannelName("a")), LastEventId.EMPTY, Reader.anonymous(), Admission.ELSEWHERE);

    private final Server server = new Server();
    private final LocalConnector connector = new LocalConnector(server);
    private final Subscribers subscribers = new Subscribers();
    private final HoldHandler handler = new HoldHandler(
            subscribers,
            new MemoryBudget(1 << 20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            new SettableTicker());

    /** Keeps the streams that begin. */
    private static final class Subscribers implements HoldHandler.Subscriber, StreamSink.Listener {
        final List<StreamSink> sinks = new CopyOnWriteArrayList<>();
        final List<CloseReason> closed = new CopyOnWriteArrayList<>();
        volatile boolean isBroken;
        volatile boolean isBrokenBeforeTheSink;

        @Override
        public void subscribe(HoldInstruction instruction, Function<StreamSink.Listener, StreamSink> sink) {
            assertThat(instruction).isEqualTo(INSTRUCTION);
            if (isBrokenBeforeTheSink) {
                throw new OutOfMemoryError("test");
            }
            sinks.add(sink.apply(this));
            if (isBroken) {
                throw new OutOfMemoryError("test");
            }
        }

        @Override
        public void drained() {}

        @Override
        public void closed(CloseReason reason) {
            closed.add(reason);
        }

        StreamSink only() {
            assertThat(sinks).hasSize(1);
            return sinks.get(0);
        }
    }

    /** A resource: leaves an instruction unless the path says otherwise. */
    private static final class Resource extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = Request.getPathInContext(request);
            if (!path.equals("/plain")) {
                request.setAttribute(HeldAnswer.ATTRIBUTE, new HeldAnswer(INSTRUCTION, "first;".getBytes(UTF_8)));
            }
            response.setStatus(path.equals("/refused") ? 403 : 200);
            response.getHeaders().put("Content-Type", "text/plain");
            String body = path.equals("/body") || path.equals("/plain") ? "body;" : "";
            response.getHeaders().put("Content-Length", body.length());
            response.write(true, ByteBuffer.wrap(body.getBytes(UTF_8)), callback);
            return true;
        }
    }

    @BeforeEach
    void start() throws Exception {
        handler.setHandler(new Resource());
        server.setHandler(handler);
        server.addConnector(connector);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private LocalEndPoint ask(String request) {
        return connector.executeRequest(request + "\r\nHost: localhost\r\n\r\n");
    }

    private static String awaitText(LocalEndPoint client, String wanted) {
        return await().atMost(Duration.ofSeconds(10)).until(client::getOutputString, text -> text.contains(wanted));
    }

    @Test
    void an_answer_is_held_and_offers_continue_it() {
        LocalEndPoint client = ask("GET / HTTP/1.1");
        String head = awaitText(client, "first;");
        assertThat(head)
                .startsWith("HTTP/1.1 200 OK")
                .contains("Content-Type: text/plain", "Content-Encoding: identity");
        assertThat(head).contains("Transfer-Encoding: chunked").doesNotContain("Content-Length");

        StreamSink stream = subscribers.only();
        assertThat(stream.offer(SharedBytes.unmetered("more;".getBytes(UTF_8)))).isTrue();
        awaitText(client, "more;");
        assertThat(subscribers.closed).isEmpty();
        stream.end(ByteBuffer.wrap("last;".getBytes(UTF_8)), CloseReason.FORBIDDEN);

        assertThat(awaitText(client, "\r\n0\r\n\r\n")).contains("last;");
        assertThat(subscribers.closed).containsExactly(CloseReason.FORBIDDEN);
        assertThat(handler.shutdown()).isCompleted();
        assertThat(subscribers.closed).hasSize(1);
    }

    /** The body of an answer in chunks, which must be exactly as RFC 9112, 7.1, wants them. */
    private static String body(String answer) {
        String rest = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        StringBuilder body = new StringBuilder();
        while (true) {
            int line = rest.indexOf("\r\n");
            int length = Integer.parseInt(rest.substring(0, line), 16);
            int end = line + 2 + length;
            assertThat(rest.substring(end)).startsWith("\r\n");
            body.append(rest, line + 2, end);
            rest = rest.substring(end + 2);
            if (length == 0) {
                assertThat(rest).isEmpty();
                return body.toString();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/body"})
    void a_stream_consists_of_well_formed_chunks_whatever_their_size(String path) {
        LocalEndPoint client = ask("GET " + path + " HTTP/1.1");
        awaitText(client, "first;");
        StringBuilder expected = new StringBuilder(path.equals("/body") ? "body;first;" : "first;");
        for (int size : new int[] {1, 15, 16, 4_095, 32_767, 32_768, 32_769, 100_000}) {
            String text = "x".repeat(size) + ";";
            await().until(() -> subscribers.only().offer(SharedBytes.unmetered(text.getBytes(UTF_8))));
            expected.append(text);
        }
        subscribers.only().end(ByteBuffer.wrap("last;".getBytes(UTF_8)), CloseReason.SHUTDOWN);
        expected.append("last;");

        client.waitUntilClosed();
        assertThat(body(requireNonNull(client.getOutputString()))).isEqualTo(expected.toString());
    }

    @Test
    void a_handler_that_wraps_the_response_sees_every_byte() throws Exception {
        AtomicLong seen = new AtomicLong();
        server.stop();
        handler.setServer(null);
        server.setHandler(new Handler.Wrapper(handler) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                return super.handle(
                        request,
                        new Response.Wrapper(request, response) {
                            @Override
                            public void write(boolean last, ByteBuffer bytes, Callback written) {
                                seen.addAndGet(bytes == null ? 0 : bytes.remaining());
                                super.write(last, bytes, written);
                            }
                        },
                        callback);
            }
        });
        server.start();
        LocalEndPoint client = ask("GET / HTTP/1.1");
        awaitText(client, "first;");
        subscribers.only().offer(SharedBytes.unmetered("more;".getBytes(UTF_8)));

        awaitText(client, "more;");
        assertThat(seen).hasValue("first;more;".length());
    }

    @Test
    void a_body_that_the_resource_writes_itself_precedes_the_first_bytes() {
        LocalEndPoint client = ask("GET /body HTTP/1.1");

        String text = awaitText(client, "first;");
        assertThat(text.indexOf("body;")).isBetween(0, text.indexOf("first;"));
        assertThat(text).doesNotContain("Content-Length");
    }

    @Test
    void a_client_of_http_1_0_reads_until_the_connection_ends() {
        LocalEndPoint client = ask("GET / HTTP/1.0");
        awaitText(client, "first;");
        subscribers.only().end(ByteBuffer.wrap("last;".getBytes(UTF_8)), CloseReason.SHUTDOWN);

        client.waitUntilClosed();
        assertThat(client.getOutputString()).endsWith("\r\n\r\nfirst;last;").doesNotContain("chunked");
    }

    @Test
    void answers_are_not_held_without_an_instruction_or_to_head_requests_or_with_another_status() throws Exception {
        assertThat(connector.getResponse("GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .endsWith("Content-Length: 5\r\n\r\nbody;");
        assertThat(connector.getResponse("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK")
                .doesNotContain("identity");
        assertThat(connector.getResponse("GET /refused HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .endsWith("Content-Length: 0\r\n\r\n");
        assertThat(subscribers.sinks).isEmpty();
    }

    @Test
    void a_client_that_closes_its_side_ends_the_stream() {
        LocalEndPoint client = ask("GET / HTTP/1.1");
        awaitText(client, "first;");
        client.addInputEOF();

        await().until(() -> subscribers.closed.equals(List.of(CloseReason.CLIENT_GONE)));
        client.waitUntilClosed();
    }

    @Test
    void a_client_that_sends_anything_ends_the_stream() {
        LocalEndPoint client = ask("GET / HTTP/1.1");
        awaitText(client, "first;");
        client.addInput("GET /plain HTTP/1.1\r\n\r\n");

        await().until(() -> subscribers.closed.equals(List.of(CloseReason.CLIENT_GONE)));
        client.waitUntilClosed();
    }

    @Test
    void a_shutdown_ends_all_streams_in_good_order_and_holds_no_more() {
        LocalEndPoint first = ask("GET / HTTP/1.1");
        LocalEndPoint second = ask("GET / HTTP/1.1");
        awaitText(first, "first;");
        awaitText(second, "first;");
        assertThat(handler.isShutdown()).isFalse();

        assertThat(handler.shutdown()).isCompleted();
        assertThat(handler.isShutdown()).isTrue();
        awaitText(first, "\r\n0\r\n\r\n");
        awaitText(second, "\r\n0\r\n\r\n");
        assertThat(subscribers.closed).containsExactly(CloseReason.SHUTDOWN, CloseReason.SHUTDOWN);

        assertThat(awaitText(ask("GET / HTTP/1.1"), "\r\n0\r\n\r\n")).contains("first;");
        assertThat(subscribers.sinks).hasSize(2);
    }

    @Test
    void a_drain_tells_the_clients_when_to_come_back_and_a_stream_that_begins_afterwards_ends_after_its_first_answer()
            throws Exception {
        LocalEndPoint before = ask("GET / HTTP/1.1");
        awaitText(before, "first;");
        assertThat(handler.isDraining()).isFalse();
        handler.drain(Duration.ofSeconds(1));

        assertThat(handler.isDraining()).isTrue();
        assertThat(awaitText(before, "\r\n0\r\n\r\n")).contains("retry: ");
        assertThat(subscribers.closed).containsExactly(CloseReason.SHUTDOWN);
        assertThat(awaitText(ask("GET / HTTP/1.1"), "\r\n0\r\n\r\n")).contains("first;", "retry: ");
        assertThat(subscribers.sinks).hasSize(1);
        assertThat(connector.getResponse("GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .as("other requests are served")
                .endsWith("body;");
    }

    @Test
    void an_error_while_a_stream_begins_ends_its_connection_instead_of_leaving_it_silent() {
        subscribers.isBroken = true;
        LocalEndPoint client = ask("GET / HTTP/1.1");

        await().until(() -> subscribers.closed.equals(List.of(CloseReason.FAILED)));
        await().until(() ->
                !client.isOpen() || requireNonNull(client.getOutputString()).contains("500"));

        subscribers.isBroken = false;
        subscribers.isBrokenBeforeTheSink = true;
        LocalEndPoint other = ask("GET / HTTP/1.1");
        await().until(() ->
                !other.isOpen() || requireNonNull(other.getOutputString()).contains("500"));
    }

    @Test
    void a_stream_that_writes_keep_alives_is_maintained_by_its_subscriber() {
        LocalEndPoint client = ask("GET / HTTP/1.1");
        awaitText(client, "first;");
        SettableTicker later = new SettableTicker();
        later.advance(Duration.ofSeconds(20));
        await().until(() -> subscribers.only().waitingNanos(later.read()) == 0);
        subscribers.only().maintain(later.read());

        awaitText(client, "event: keep-alive");
    }
}
