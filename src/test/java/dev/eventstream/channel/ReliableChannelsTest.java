package dev.eventstream.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReliableChannelsTest {

    @Test
    void every_channel_is_reliable_unless_told_otherwise() {
        assertThat(new ReliableChannels(List.of()).isReliable(new ChannelName("time")))
                .isTrue();
    }

    @Test
    void a_channel_that_fits_any_pattern_is_not_stored() {
        ReliableChannels channels =
                new ReliableChannels(List.of(new ChannelPattern("time"), new ChannelPattern("typing-*")));
        assertThat(channels.isReliable(new ChannelName("time"))).isFalse();
        assertThat(channels.isReliable(new ChannelName("typing-1"))).isFalse();
        assertThat(channels.isReliable(new ChannelName("timeline"))).isTrue();
    }

    @Test
    void the_patterns_cannot_be_changed_afterwards() {
        List<ChannelPattern> patterns = new ArrayList<>();
        ReliableChannels channels = new ReliableChannels(patterns);
        patterns.add(new ChannelPattern("*"));
        assertThat(channels.isReliable(new ChannelName("a"))).isTrue();
    }
}
