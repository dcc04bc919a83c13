package dev.eventstream.stream;

import static dev.eventstream.stream.EventStreamEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.StreamFrame.Advance;
import dev.eventstream.stream.StreamFrame.Condition;
import dev.eventstream.stream.StreamFrame.KeepAlive;
import dev.eventstream.stream.StreamFrame.Open;
import dev.eventstream.stream.StreamFrame.Reset;
import dev.eventstream.stream.StreamFrame.StreamError;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventStreamEncoderTest {
    private static final ChannelName ORDERS = new ChannelName("orders");
    private static final ChannelName ROOM = new ChannelName("room \"ä\"");
    private static final LastEventId PLACE = LastEventId.parse("orders=k3f9x2-41,room%20%22%C3%A4%22=m1n2b3-7");

    @Test
    void a_stream_opens_with_retry_position_and_keep_alive_interval() {
        assertThat(wire(new Open(Duration.ofMillis(2345), Duration.ofSeconds(20), PLACE)))
                .isEqualTo("""
                retry: 2345
                id: orders=k3f9x2-41,room%20%22%C3%A4%22=m1n2b3-7
                event: stream-open
                data: {"keepAlive":20}

                """);
    }

    @Test
    void a_stream_of_unstored_channels_has_no_position() {
        assertThat(wire(new Open(Duration.ofSeconds(1), Duration.ofSeconds(20), LastEventId.EMPTY)))
                .isEqualTo("""
                retry: 1000
                event: stream-open
                data: {"keepAlive":20}

                """);
        assertThat(wire(new Message(event("tick", "12:00"), LastEventId.EMPTY))).isEqualTo("""
                event: tick
                data: 12:00

                """);
    }

    @Test
    void the_end_of_a_stream_names_its_channels_and_has_an_id_from_which_nothing_follows() {
        assertThat(wire(new StreamFrame.End(List.of(ORDERS, ROOM), PLACE))).isEqualTo("""
                id: orders=k3f9x2-41,room%20%22%C3%A4%22=m1n2b3-7
                event: stream-end
                data: {"channels":["orders","room \\"ä\\""]}

                """);
    }

    @Test
    void the_end_of_a_channel_is_a_comment() {
        Event end = Event.stored(NewEvent.end(ORDERS), EventId.parse("k3f9x2-42"));

        assertThat(new String(EventStreamEncoder.body(end), UTF_8)).isEqualTo(":\n\n");
    }

    @Test
    void an_event_carries_the_position_after_it() {
        assertThat(wire(new Message(event("message", "{\"text\":\"Grüße 🚀\"}"), PLACE)))
                .isEqualTo("""
                id: orders=k3f9x2-41,room%20%22%C3%A4%22=m1n2b3-7
                event: message
                data: {"text":"Grüße 🚀"}

                """);
    }

    @Test
    void each_line_of_the_data_is_a_line_of_the_wire_whatever_ended_it() {
        assertThat(body("\none\rtwo\r\nthree\n\rfour\r\r\nfive\n")).isEqualTo("""
                event: message
                data: \n\
                data: one
                data: two
                data: three
                data: \n\
                data: four
                data: \n\
                data: five
                data: \n\

                """);
    }

    @Test
    void empty_data_still_makes_an_event() {
        assertThat(body("")).isEqualTo("event: message\ndata: \n\n");
    }

    @Test
    void data_that_looks_like_a_field_stays_data() {
        assertThat(body("id: 1\n: comment\n retry: 5\n\nevent: x")).isEqualTo("""
                event: message
                data: id: 1
                data: : comment
                data:  retry: 5
                data: \n\
                data: event: x

                """);
    }

    @Test
    void a_position_moves_without_showing_anything() throws IOException {
        assertThat(wire(new Advance(PLACE)))
                .isEqualTo("id: orders=k3f9x2-41,room%20%22%C3%A4%22=m1n2b3-7\nevent: keep-alive\ndata:\n\n");
        WireReader reader = WireReader.of(encode(new Advance(PLACE)));
        assertThat(reader.rest()).extracting(WireReader.WireEvent::type).containsExactly("keep-alive");
        reader.assertNothingLeft();
        assertThat(LastEventId.parse(reader.lastEventId())).isEqualTo(PLACE);
    }

    @Test
    void a_reset_names_its_channels_and_the_new_position() {
        assertThat(wire(new Reset(List.of(ORDERS, ROOM), PLACE))).isEqualTo("""
                id: orders=k3f9x2-41,room%20%22%C3%A4%22=m1n2b3-7
                event: stream-reset
                data: {"channels":["orders","room \\"ä\\""]}

                """);
    }

    @Test
    void a_keep_alive_has_no_id_and_empty_data() {
        assertThat(wire(new KeepAlive())).isEqualTo("""
                event: keep-alive
                data:

                """);
    }

    @Test
    void the_bytes_of_a_keep_alive_belong_to_the_caller() {
        encode(new KeepAlive())[0] = 'X';
        assertThat(wire(new KeepAlive())).startsWith("event");
    }

    @Test
    void a_failure_has_a_reason_and_the_id_that_stops_a_client() {
        assertThat(wire(new StreamError(Condition.FORBIDDEN, "no \"entry\"\nhere", List.of(ROOM))))
                .isEqualTo("""
                id: error
                event: stream-error
                data: {"condition":"forbidden","text":"no \\"entry\\"\\nhere","channels":["room \\"ä\\""]}

                """);
        assertThat(wire(new StreamError(Condition.BAD_REQUEST, "", List.of()))).contains("\"bad-request\"");
        assertThat(wire(new StreamError(Condition.INTERNAL_ERROR, "", List.of())))
                .contains("\"internal-error\"");
    }

    @Test
    void a_temporary_end_has_a_time_to_come_back_and_no_id() {
        assertThat(wire(new StreamFrame.TemporaryFailure(Condition.BUSY, Duration.ofMillis(6_500), "full")))
                .isEqualTo("""
                    retry: 6500
                    event: stream-error
                    data: {"condition":"busy","text":"full","channels":[]}

                    """);
        assertThat(wire(new StreamFrame.TemporaryFailure(Condition.TOO_MANY_STREAMS, Duration.ZERO, "")))
                .contains("\"too-many-streams\"")
                .doesNotContain("id:");
        assertThat(wire(new StreamFrame.TemporaryFailure(Duration.ZERO, ""))).contains("\"internal-error\"");
    }

    @Test
    void a_client_that_is_to_come_back_is_only_told_when() {
        assertThat(wire(new StreamFrame.ComeBack(Duration.ofMillis(250)))).isEqualTo("retry: 250\n\n");
    }

    @Test
    void no_kind_of_frame_is_mistaken_for_a_keep_alive() {
        List<StreamFrame> frames = List.of(
                new Open(Duration.ZERO, Duration.ZERO, PLACE),
                new Advance(PLACE),
                new Reset(List.of(), PLACE),
                new StreamFrame.End(List.of(), PLACE),
                new KeepAlive(),
                new StreamError(Condition.FORBIDDEN, "", List.of()),
                new StreamFrame.TemporaryFailure(Duration.ZERO, ""),
                new StreamFrame.ComeBack(Duration.ZERO));
        assertThat(frames.stream().map(Object::getClass))
                .containsExactlyInAnyOrder(StreamFrame.class.getPermittedSubclasses());
        assertThat(frames.stream().filter(frame -> wire(frame).equals(wire(new KeepAlive()))))
                .containsExactly(new KeepAlive());
    }

    static Stream<String> awkwardData() {
        return Stream.of(
                "",
                " ",
                "  leading",
                "trailing ",
                ":",
                ": comment",
                "data: x",
                "\t",
                "a:b",
                "\0",
                "a\0b",
                "\uFEFF",
                "\uFEFFa",
                "a\n\uFEFFb",
                "\n",
                "\r",
                "\r\n",
                "\n\n\n",
                "\r\r",
                "\n\r",
                "\r\n\r\n",
                "a\n",
                "\na",
                "a\rb",
                "a\r\nb",
                "a\r\rb",
                "a\n\rb",
                "\n leading",
                "\n:\n",
                "🚀",
                "\u2028",
                "\u2029",
                "\u0085",
                "\u000B\f",
                "\uFFFF",
                "日本\n語",
                "\u007F\u001F",
                "x".repeat(1 << 20),
                "ä\n".repeat(1 << 19),
                "🚀\r\n".repeat(1 << 18));
    }

    @ParameterizedTest
    @MethodSource("awkwardData")
    void awkward_data_survives_except_for_the_kind_of_its_line_ends(String data) throws IOException {
        Message message = new Message(event("type: odd ", data), PLACE);
        WireReader reader = WireReader.of(message.bytes());
        assertThat(reader.next()).contains(asRead(message));
        reader.assertNothingLeft();
    }

    @Test
    void random_events_survive_one_after_the_other() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Message> messages =
                Stream.generate(() -> randomMessage(random)).limit(20_000).toList();
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        messages.forEach(message -> wire.writeBytes(message.bytes()));

        WireReader reader = WireReader.of(wire.toByteArray());
        List<WireEvent> read = new ArrayList<>();
        for (Message message : messages) {
            read.add(reader.next().orElseThrow());
            assertThat(read.get(read.size() - 1))
                    .as("seed %d, case %d", seed, read.size())
                    .isEqualTo(asRead(message));
        }
        reader.assertNothingLeft();
        assertThat(reader.comments()).isEmpty();
        assertThat(reader.raw()).isEqualTo(wire.toByteArray());
    }

    @Test
    void an_empty_position_has_no_id_line() {
        assertThat(EventStreamEncoder.id(LastEventId.EMPTY)).isEmpty();
    }

    private static WireEvent asRead(Message message) {
        return new WireEvent(
                message.position().toString(),
                message.event().type().value(),
                message.event().data().replaceAll("\r\n|\r", "\n"));
    }

    private static Message randomMessage(Random random) {
        String pieces = "abc :\n\r\0\uFEFF\t\u2028ä€";
        String data = random.ints(random.nextInt(30), 0, pieces.length() + 1)
                .mapToObj(i -> i == pieces.length() ? "🚀" : pieces.substring(i, i + 1))
                .collect(Collectors.joining());
        EventId id = new EventId("k3f9x2", 1 + random.nextLong(EventId.MAX_SEQUENCE));
        return new Message(event(random.nextBoolean() ? "message" : " ä: b", data), LastEventId.EMPTY.with(ROOM, id));
    }

    private static Event event(String type, String data) {
        return Event.stored(NewEvent.text("orders", type, data), new EventId("k3f9x2", 41));
    }

    private static String body(String data) {
        return new String(EventStreamEncoder.body(event("message", data)), UTF_8);
    }

    private static String wire(Message message) {
        return new String(message.bytes(), UTF_8);
    }

    private static String wire(StreamFrame frame) {
        return new String(encode(frame), UTF_8);
    }
}
