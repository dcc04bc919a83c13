package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.LIVE;
import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.id;
import static dev.eventstream.subscriber.TestEvents.unstored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.LastEventId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private static final ChannelName C = new ChannelName("ç");

    @Test
    void each_id_line_has_the_position_in_all_channels_sorted_by_name() {
        FrameWriter frames = new FrameWriter(LastEventId.of(Map.of(A, id(1), B, id(5), C, id(9))));
        frames.stored(B, event(B, 6, "x"), false);
        frames.stored(B, event(B, 7, "y"), false);
        frames.stored(A, event(A, 2, "z"), false);
        frames.stored(C, event(C, 10, "é"), false);

        assertThat(new String(frames.bytes(), UTF_8)).isEqualTo("""
                        id: a=e-1,b=e-6,%C3%A7=e-9
                        event: message
                        data: x

                        id: a=e-1,b=e-7,%C3%A7=e-9
                        event: message
                        data: y

                        id: a=e-2,b=e-7,%C3%A7=e-9
                        event: message
                        data: z

                        id: a=e-2,b=e-7,%C3%A7=e-10
                        event: message
                        data: é

                        """);
        assertThat(frames.position()).isEqualTo(LastEventId.of(Map.of(A, id(2), B, id(7), C, id(10))));
        assertThat(frames.size()).isEqualTo(frames.bytes().length);
    }

    @Test
    void the_first_position_in_a_channel_is_added_to_the_others() {
        FrameWriter frames = new FrameWriter(LastEventId.of(Map.of(B, id(5))));
        frames.stored(A, event(1), true);

        assertThat(new String(frames.bytes(), UTF_8)).isEqualTo("id: a=e-1,b=e-5\nevent: keep-alive\ndata:\n\n");
        assertThat(frames.position()).isEqualTo(LastEventId.of(Map.of(A, id(1), B, id(5))));
    }

    @Test
    void an_unstored_event_has_no_id_and_does_not_end_the_events_around_it() {
        FrameWriter frames = new FrameWriter(LastEventId.of(Map.of(A, id(1))));
        frames.stored(A, event(2), false);
        frames.unstored(unstored("x"));
        frames.stored(A, event(3), true);

        assertThat(new String(frames.bytes(), UTF_8)).isEqualTo("""
                        id: a=e-2
                        event: message
                        data: 2

                        event: message
                        data: x

                        id: a=e-3
                        event: keep-alive
                        data:

                        """);
    }

    @Test
    void a_loss_names_the_position_that_the_stream_has_reached() {
        FrameWriter frames = new FrameWriter(LastEventId.of(Map.of(A, id(1))));
        frames.stored(A, event(2), true);
        frames.lost(List.of(LIVE));
        frames.stored(A, event(3), true);

        assertThat(new String(frames.bytes(), UTF_8)).isEqualTo("""
                        id: a=e-2
                        event: keep-alive
                        data:

                        id: a=e-2
                        event: stream-reset
                        data: {"channels":["live"]}

                        id: a=e-3
                        event: keep-alive
                        data:

                        """);
        assertThat(frames.position()).isEqualTo(LastEventId.of(Map.of(A, id(3))));
    }

    @Test
    void a_position_that_was_reached_without_a_frame_is_told_once_or_by_the_next_frame() {
        FrameWriter frames = new FrameWriter(LastEventId.of(Map.of(A, id(1), B, id(1))));
        frames.skip(A, event(2));
        frames.stored(A, event(3), false);
        frames.tellPosition();
        frames.skip(A, event(4));
        frames.skip(B, event(B, 2, "x"));
        assertThat(frames.isAhead()).isTrue();
        frames.tellPosition();
        frames.tellPosition();

        assertThat(new String(frames.bytes(), UTF_8))
                .isEqualTo("id: a=e-3,b=e-1\nevent: message\ndata: 3\n\nid: a=e-4,b=e-2\nevent: keep-alive\ndata:\n\n");
        assertThat(frames.isAhead()).isFalse();
        assertThat(frames.position()).isEqualTo(LastEventId.of(Map.of(A, id(4), B, id(2))));
    }

    @Test
    void a_loss_tells_the_position_and_an_unstored_event_does_not() {
        FrameWriter frames = new FrameWriter(LastEventId.of(Map.of(A, id(1))), true);
        frames.unstored(unstored("x"));
        assertThat(frames.isAhead()).isTrue();
        frames.skip(A, event(2));
        frames.lost(List.of(LIVE));

        assertThat(frames.isAhead()).isFalse();
        assertThat(new String(frames.bytes(), UTF_8)).contains("id: a=e-2\nevent: stream-reset\n");
    }
}
