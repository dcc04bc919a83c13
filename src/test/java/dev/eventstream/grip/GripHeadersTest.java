package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.EventType;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.StreamView;
import dev.eventstream.stream.TypeFilter;
import io.dropwizard.auth.PrincipalImpl;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each header, byte for byte, as Pushpin reads it. */
class GripHeadersTest {
    private static final GripHeaders.Next NEXT =
            new GripHeaders.Next("/events/_next/DIGEST?link=TOKEN", Duration.ofSeconds(25));

    @Test
    void an_anonymous_stream_of_two_channels() {
        assertThat(hold(Reader.anonymous(), "a b=k3f9x2-41,c=0-0", "c", "a b")).isEqualTo("""
                Grip-Hold: stream
                Grip-Channel: events-a%20b; prev-id=k3f9x2-41; filter=build-id; filter=skip-users
                Grip-Channel: events-c; prev-id=0-0; filter=build-id; filter=skip-users
                Grip-Channel: anonymous; filter=require-sub
                Grip-Set-Meta: id_format="a%%20b=%(events-a%20b)s,c=%(events-c)s"
                Grip-Keep-Alive: event: keep-alive\\ndata:\\n\\n; format=cstring; timeout=20
                Grip-Link: </events/_next/DIGEST?link=TOKEN>; rel=next; timeout=25
                """);
    }

    @Test
    void a_signed_in_reader_has_a_user_channel_and_a_name_for_the_filters() {
        assertThat(hold(Reader.of(new PrincipalImpl("jo, \"é\"; 100%")), "c=k3f9x2-7", "c"))
                .isEqualTo("""
                Grip-Hold: stream
                Grip-Channel: events-c; prev-id=k3f9x2-7; filter=build-id; filter=skip-users
                Grip-Channel: user-jo%2C%20%22%C3%A9%22%3B%20100%25; filter=require-sub
                Grip-Set-Meta: id_format="c=%(events-c)s"
                Grip-Set-Meta: user="jo%2C%20%22%C3%A9%22%3B%20100%25"
                Grip-Keep-Alive: event: keep-alive\\ndata:\\n\\n; format=cstring; timeout=20
                Grip-Link: </events/_next/DIGEST?link=TOKEN>; rel=next; timeout=25
                """);
    }

    @Test
    void a_stream_of_some_types_has_a_channel_for_each_and_requires_one_of_them() {
        StreamView view = new StreamView(
                Reader.anonymous(), TypeFilter.of(List.of(new EventType("shipped"), new EventType("ünï, ;%"))));
        HoldInstruction instruction = new HoldInstruction(
                List.of(new ChannelName("c")), LastEventId.parse("c=k3f9x2-7"), view, Admission.ELSEWHERE);

        assertThat(text(GripHeaders.hold(instruction, Duration.ofSeconds(20), NEXT, List.of())))
                .isEqualTo("""
                Grip-Hold: stream
                Grip-Channel: events-c; prev-id=k3f9x2-7; filter=build-id; filter=skip-users; filter=require-sub
                Grip-Channel: anonymous; filter=require-sub
                Grip-Channel: type-%C3%BCn%C3%AF%2C%20%3B%25
                Grip-Channel: type-shipped
                Grip-Set-Meta: id_format="c=%(events-c)s"
                Grip-Keep-Alive: event: keep-alive\\ndata:\\n\\n; format=cstring; timeout=20
                Grip-Link: </events/_next/DIGEST?link=TOKEN>; rel=next; timeout=25
                """);
    }

    @Test
    void an_unstored_channel_has_no_position() {
        assertThat(hold(Reader.anonymous(), "", "time")).isEqualTo("""
                Grip-Hold: stream
                Grip-Channel: events-time; filter=build-id; filter=skip-users
                Grip-Channel: anonymous; filter=require-sub
                Grip-Set-Meta: id_format="-"
                Grip-Keep-Alive: event: keep-alive\\ndata:\\n\\n; format=cstring; timeout=20
                Grip-Link: </events/_next/DIGEST?link=TOKEN>; rel=next; timeout=25
                """);
    }

    @Test
    void a_name_of_255_characters_outside_ascii_is_written_in_ascii() {
        String name = "\uD83D\uDC18".repeat(255);
        String headers = hold(Reader.anonymous(), new ChannelName(name).encoded() + "=k3f9x2-1", name);
        assertThat(headers).matches("[\\x20-\\x7E\\n]+").contains("events-%F0%9F%90%98%F0%9F%90%98");
    }

    @Test
    void a_page_has_neither_a_hold_nor_a_channel() {
        assertThat(text(GripHeaders.page("/events/_next/DIGEST?link=TOKEN"))).isEqualTo("""
                Grip-Link: </events/_next/DIGEST?link=TOKEN>; rel=next; timeout=0
                """);
    }

    @Test
    void a_fraction_of_a_second_is_rounded_up() {
        HoldInstruction instruction = new HoldInstruction(
                List.of(new ChannelName("c")), LastEventId.EMPTY, Reader.anonymous(), Admission.ELSEWHERE);
        assertThat(text(GripHeaders.hold(
                        instruction,
                        Duration.ofMillis(1_001),
                        new GripHeaders.Next("/n", Duration.ofMillis(999)),
                        List.of())))
                .contains("format=cstring; timeout=2\n", "rel=next; timeout=1\n");
    }

    @Test
    void a_stream_of_a_channel_with_presence_also_subscribes_to_the_channel_by_which_it_is_counted() {
        ChannelName room = new ChannelName("room 1");
        HoldInstruction instruction =
                new HoldInstruction(List.of(room), LastEventId.EMPTY, Reader.of(() -> "a:b"), Admission.ELSEWHERE);
        assertThat(text(GripHeaders.hold(instruction, Duration.ofSeconds(20), NEXT, List.of(room))))
                .contains("Grip-Channel: presence-room%201:a%3Ab\n");
        for (Attendee attendee : List.of(
                new Attendee(room, null),
                new Attendee(room, ""),
                new Attendee(new ChannelName("é:\uD83D\uDC18"), "%2"))) {
            assertThat(GripNames.attendee(GripNames.presence(attendee))).contains(attendee);
        }
        assertThat(GripNames.attendee("events-room")).isEmpty();
        for (String wrong : List.of("presence-", "presence-%", "presence-a:%zz", "presence-a:%0A", "presence- ")) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .as(wrong)
                    .isThrownBy(() -> GripNames.attendee(wrong));
        }
    }

    private static String hold(Reader reader, String positions, String... channels) {
        List<ChannelName> names = Stream.of(channels).map(ChannelName::new).toList();
        HoldInstruction instruction = new HoldInstruction(
                names, LastEventId.parse(positions.replace(" ", "%20")), reader, Admission.ELSEWHERE);
        return text(GripHeaders.hold(instruction, Duration.ofSeconds(20), NEXT, List.of()));
    }

    private static String text(List<GripHeaders.Header> headers) {
        return headers.stream()
                .map(header -> header.name() + ": " + header.value() + "\n")
                .collect(Collectors.joining());
    }
}
