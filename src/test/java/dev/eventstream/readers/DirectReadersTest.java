package dev.eventstream.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.eventstream.TestServer;
import dev.eventstream.event.NewEvent;
import dev.eventstream.network.FaultProxy;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All readers, on streams that the service holds itself. */
class DirectReadersTest extends ReadersContract {
    private static final int LARGE = 1 << 20;

    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore(
            "clientScript: /eventstream.js",
            "eventStream.keepAlive=1s",
            "eventStream.retry.min=100ms",
            "eventStream.retry.max=200ms");

    @Override
    protected TestServer server() {
        return SERVER;
    }

    @Override
    protected int port() {
        return SERVER.port();
    }

    @Override
    protected boolean marksEnds() {
        return true;
    }

    @Override
    protected Collection<Library> libraries() {
        return EnumSet.allOf(Library.class);
    }

    @Test
    void after_503_readers_stop_or_continue_at_their_position() throws Exception {
        Set<String> refused = ConcurrentHashMap.newKeySet();
        HttpServer deploying = refusing(refused);
        try (FaultProxy network = new FaultProxy("deployed", SERVER.port());
                Readers readers = new Readers(libraries(), network.port(), "/events?channel=deployed", Map.of())) {
            readers.awaitOpen();
            SERVER.events().send(NewEvent.text("deployed", "message", "before"));
            readers.await("before", (library, reader) -> reader.has("message"));
            network.leadTo(deploying.getAddress().getPort());
            network.cut();
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(refused)
                            .isEqualTo(libraries().stream().map(Library::name).collect(Collectors.toSet())));
            SERVER.events().send(NewEvent.text("deployed", "message", "meanwhile"));
            network.leadTo(SERVER.port());

            readers.await(
                    "continued",
                    (library, reader) -> library.has(Limit.STOPS_AT_503)
                            ? reader.hasStopped()
                            : reader.messages().size() == 2);
            readers.forEach((library, reader) -> assertThat(reader.messages())
                    .as(library.name())
                    .extracting(WireEvent::data)
                    .isEqualTo(library.has(Limit.STOPS_AT_503) ? List.of("before") : List.of("before", "meanwhile")));
        } finally {
            deploying.stop(0);
        }
    }

    /** A server that refuses each request, and notes the reader that sent it. */
    private static HttpServer refusing(Set<String> refused) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            refused.add(exchange.getRequestURI().getQuery().replaceAll(".*reader=([A-Z_]+).*", "$1"));
        });
        server.start();
        return server;
    }

    @Test
    void fetch_event_source_alone_loses_an_event_that_is_cut_off() throws Exception {
        assertThat(Library.FETCH_EVENT_SOURCE.has(Limit.LOSES_A_CUT_EVENT)).isTrue();
        try (FaultProxy network = new FaultProxy("alone", SERVER.port());
                OpenReader reader = new NodeReader(
                        "fetch-event-source-alone",
                        URI.create("http://localhost:" + network.port() + "/events?channel=cut"),
                        Map.of())) {
            await().until(() -> reader.has("stream-open"));
            long before = network.bytes();
            network.delay(3);
            SERVER.events().send(NewEvent.text("cut", "message", "x".repeat(LARGE)));
            await().pollInterval(Duration.ofMillis(1)).until(() -> network.bytes() - before > LARGE / 2);
            network.cut();
            network.release();
            SERVER.events().send(NewEvent.text("cut", "message", "after"));

            await().until(() -> reader.has("message"));
            assertThat(reader.messages()).extracting(WireEvent::data).containsExactly("after");
        }
    }

    @Test
    void the_manual_lists_what_each_reader_cannot_do() throws Exception {
        String manual = Files.readString(Path.of("docs/READING.md"), StandardCharsets.UTF_8);
        String versions = Files.readString(Path.of("client/readers/package.json"), StandardCharsets.UTF_8);

        assertThat(libraries()).allSatisfy(library -> {
            assertThat(manual).contains(library.row() + '\n');
            assertThat(versions).contains(library.dependency().orElse(""));
        });
        assertThat(manual).contains(program("fetch-event-source"), program("eventsource-parser"));
    }

    /** A program without its imports. */
    private static String program(String name) throws IOException {
        String text = Files.readString(Path.of("client/readers/" + name + ".mjs"), StandardCharsets.UTF_8);
        return text.substring(text.indexOf("// "))
                .replace("received(", "handle(")
                .replace("stopped();\n", "");
    }
}
