package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import org.junit.jupiter.api.Test;

class ChannelFeedTest {
    private final ChannelFeed feed = new ChannelFeed(new ChannelName("orders"), true);

    @Test
    void the_tail_has_what_follows_a_place_in_it() {
        feed.loaded(EventId.NONE);
        feed.accept(event(1));
        feed.accept(event(2));
        assertThat(feed.after(new EventId("e", 1), 10))
                .hasValueSatisfying(events ->
                        assertThat(events.events()).extracting(EncodedEvent::id).containsExactly(new EventId("e", 2)));
        assertThat(feed.after(new EventId("e", 2), 10))
                .hasValueSatisfying(events -> assertThat(events.events()).isEmpty());
    }

    @Test
    void a_reader_that_was_reset_to_the_beginning_of_a_new_log_does_not_get_the_old_ones_tail() {
        feed.loaded(EventId.NONE);
        feed.accept(event(1));
        assertThat(feed.after(EventId.NONE, 10)).isEmpty();
    }

    @Test
    void a_feed_of_a_channel_without_events_has_nothing_to_add() {
        feed.loaded(EventId.NONE);
        assertThat(feed.after(EventId.NONE, 10))
                .hasValueSatisfying(events -> assertThat(events.events()).isEmpty());
    }

    private static EncodedEvent event(long sequence) {
        return new EncodedEvent(Event.stored(NewEvent.text("orders", "message", "x"), new EventId("e", sequence)));
    }
}
