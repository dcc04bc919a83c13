package dev.eventstream.stream;

import static dev.eventstream.stream.EventStreamEncoder.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.StreamFrame.Condition;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.glassfish.jersey.media.sse.EventInput;
import org.glassfish.jersey.media.sse.InboundEvent;
import org.glassfish.jersey.media.sse.SseFeature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes as an independent client reads them, from a real HTTP server. Jersey 3.1.11 departs from the standard in two
 * positions: it drops every leading space of a line, not one, and an event without {@code id:} has none, not the one before.
 */
class JerseyReadsTheStreamTest {
    private static final LastEventId PLACE = LastEventId.parse("orders=k3f9x2-41,room%20%C3%A4=m1n2b3-7");

    private static final String NO_ID = "(none)";

    private record Read(String id, String type, String data) {}

    @Test
    void every_kind_of_frame_is_read() throws IOException {
        assertThat(read(
                        encode(new StreamFrame.Open(Duration.ofMillis(2345), Duration.ofSeconds(20), PLACE)),
                        message("message", "{\"text\":\"Grüße 🚀\"}"),
                        encode(new StreamFrame.KeepAlive()),
                        encode(new StreamFrame.Reset(List.of(), PLACE)),
                        encode(new StreamFrame.StreamError(Condition.FORBIDDEN, "no", List.of()))))
                .containsExactly(
                        new Read(PLACE.toString(), "stream-open", "{\"keepAlive\":20}"),
                        new Read(PLACE.toString(), "message", "{\"text\":\"Grüße 🚀\"}"),
                        new Read(NO_ID, "keep-alive", ""),
                        new Read(PLACE.toString(), "stream-reset", "{\"channels\":[]}"),
                        new Read(
                                "error",
                                "stream-error",
                                "{\"condition\":\"forbidden\",\"text\":\"no\",\"channels\":[]}"));
    }

    static Stream<String> awkwardData() {
        return EventStreamEncoderTest.awkwardData();
    }

    @ParameterizedTest
    @MethodSource("awkwardData")
    void awkward_data_is_read_as_far_as_jersey_follows_the_standard(String data) throws IOException {
        assertThat(read(message("chat", data), message("chat", "next")))
                .containsExactly(
                        new Read(PLACE.toString(), "chat", asJerseyReads(data)),
                        new Read(PLACE.toString(), "chat", "next"));
    }

    private static String asJerseyReads(String data) {
        return data.replaceAll("\r\n|\r", "\n").replaceAll("(?<=^|\n) +", "");
    }

    private static byte[] message(String type, String data) {
        return new Message(Event.stored(NewEvent.text("orders", type, data), new EventId("k3f9x2", 41)), PLACE).bytes();
    }

    private static List<Read> read(byte[]... frames) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (byte[] frame : frames) {
                    out.write(frame);
                    out.flush();
                }
            }
        });
        server.start();
        try {
            return readFrom("http://localhost:" + server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private static List<Read> readFrom(String uri) {
        Client client = ClientBuilder.newBuilder()
                .readTimeout(10, TimeUnit.SECONDS)
                .register(SseFeature.class)
                .build();
        List<Read> events = new ArrayList<>();
        try (EventInput input =
                client.target(uri).request(SseFeature.SERVER_SENT_EVENTS).get(EventInput.class)) {
            for (InboundEvent event = input.read(); event != null; event = input.read()) {
                events.add(new Read(Objects.toString(event.getId(), NO_ID), event.getName(), event.readData()));
            }
        } finally {
            client.close();
        }
        return events;
    }
}
