package dev.eventstream.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredChannelsTest {

    @Test
    void every_channel_is_stored_unless_a_pattern_matches() {
        assertThat(new StoredChannels(List.of()).isStored(new ChannelName("time")))
                .isTrue();
    }

    @Test
    void a_channel_that_fits_any_pattern_is_not_stored() {
        StoredChannels channels =
                new StoredChannels(List.of(new ChannelPattern("time"), new ChannelPattern("typing-*")));
        assertThat(channels.isStored(new ChannelName("time"))).isFalse();
        assertThat(channels.isStored(new ChannelName("typing-1"))).isFalse();
        assertThat(channels.isStored(new ChannelName("timeline"))).isTrue();
    }

    @Test
    void a_channel_that_fits_a_pattern_of_latest_is_latest_and_stored() {
        StoredChannels channels =
                new StoredChannels(List.of(new ChannelPattern("price-test")), List.of(new ChannelPattern("price-*")));

        assertThat(channels.isLatest(new ChannelName("price-tea"))).isTrue();
        assertThat(channels.isStored(new ChannelName("price-tea"))).isTrue();
        assertThat(channels.isLatest(new ChannelName("orders"))).isFalse();
        assertThat(channels.isLatest(new ChannelName("price-test"))).isFalse();
        assertThat(channels.isStored(new ChannelName("price-test"))).isFalse();
    }

    @Test
    void the_patterns_cannot_be_changed_afterwards() {
        List<ChannelPattern> patterns = new ArrayList<>();
        StoredChannels channels = new StoredChannels(patterns);
        patterns.add(new ChannelPattern("*"));
        assertThat(channels.isStored(new ChannelName("a"))).isTrue();
    }
}
