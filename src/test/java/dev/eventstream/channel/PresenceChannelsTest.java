package dev.eventstream.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PresenceChannelsTest {
    private static final ChannelName ROOM = new ChannelName("room-1");
    private static final PresenceChannels ROOMS =
            new PresenceChannels(List.of(new ChannelPattern("room-*"), new ChannelPattern("*hall")), true);

    @Test
    void only_channels_that_match_a_pattern_have_presence() {
        assertThat(ROOMS.trackedOf(List.of(ROOM, new ChannelName("orders"), new ChannelName("town hall"))))
                .containsExactly(ROOM, new ChannelName("town hall"));
        assertThat(PresenceChannels.NONE.trackedOf(List.of(ROOM))).isEmpty();
        assertThat(PresenceChannels.NONE.isTracked(ROOM)).isFalse();
    }

    @Test
    void the_readers_of_joins_and_leaves_are_not_counted() {
        assertThat(ROOMS.isTracked(new ChannelName("presence:town hall"))).isFalse();
    }

    @Test
    void a_channel_and_the_one_with_its_joins_and_leaves_belong_together() {
        ChannelName events = new ChannelName("presence:room-1");
        assertThat(ROOMS.eventsOf(ROOM)).contains(events);
        assertThat(PresenceChannels.reportedBy(events)).contains(ROOM);
        assertThat(PresenceChannels.reportedBy(ROOM)).isEmpty();
        assertThat(PresenceChannels.reportedBy(new ChannelName("presence:"))).isEmpty();
        assertThat(new PresenceChannels(ROOMS.patterns(), false).eventsOf(ROOM)).isEmpty();
    }

    @Test
    void a_name_that_would_be_too_long_has_no_joins_and_leaves() {
        assertThat(ROOMS.eventsOf(new ChannelName("\uD83D\uDE00".repeat(246)))).isPresent();
        assertThat(ROOMS.eventsOf(new ChannelName("\uD83D\uDE00".repeat(247)))).isEmpty();
    }

    @Test
    void a_user_with_a_name_that_is_not_allowed_counts_without_it() {
        assertThat(Attendee.of(ROOM, Reader.of(() -> "ann")).user()).isEqualTo("ann");
        assertThat(Attendee.of(ROOM, Reader.of(() -> "x".repeat(255))).user()).hasSize(255);
        assertThat(Attendee.of(ROOM, Reader.of(() -> "x".repeat(256))).user()).isNull();
        assertThat(Attendee.of(ROOM, Reader.of(() -> "a\nb")).user()).isNull();
        assertThat(Attendee.of(ROOM, Reader.of(() -> "a\uD83D")).user()).isNull();
        assertThat(Attendee.of(ROOM, Reader.anonymous()).user()).isNull();
    }
}
