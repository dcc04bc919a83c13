package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.LogEnd;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    private static final int LIMIT = 80_000;

    private final MemoryBudget memory = new MemoryBudget(LIMIT);
    private final RecentEvents recent = new RecentEvents(memory);
    private final ChannelFeed idle = feed("idle");
    private final ChannelFeed busy = feed("busy");

    @Test
    void oldest_events_go_first_whichever_channel_they_belong_to() {
        accept(idle, 1);
        assertThat(idle.after(EventId.NONE, 0, 10)).isPresent();
        for (int i = 1; i <= 200; i++) {
            accept(busy, i);
        }

        assertThat(memory.used()).isLessThanOrEqualTo(LIMIT / 8);
        assertThat(idle.after(EventId.NONE, 0, 10)).isEmpty();
        assertThat(sequences(busy, 190)).containsExactly(191L, 192L, 193L, 194L, 195L, 196L, 197L, 198L, 199L, 200L);
        assertThat(busy.after(new EventId("e", 1), 10)).isEmpty();
    }

    @Test
    void events_of_a_feed_that_was_reset_are_released_once_they_are_the_oldest() {
        for (int i = 1; i <= 10; i++) {
            accept(idle, i);
        }
        idle.reset(LogEnd.open(new EventId("f", 7)));
        assertThat(idle.after(new EventId("e", 5), 10)).isEmpty();
        assertThat(idle.after(new EventId("f", 7), 0, 10)).isEmpty();
        for (int i = 1; i <= 200; i++) {
            accept(busy, i);
        }
        assertThat(memory.used()).isLessThanOrEqualTo(LIMIT / 8);
        assertThat(idle.last()).contains(new EventId("f", 7));
    }

    @Test
    void event_that_is_not_the_next_is_neither_kept_nor_counted() {
        assertThat(recent.accept(busy, event(2))).isEqualTo(ChannelFeed.Verdict.GAP);
        assertThat(memory.used()).isZero();
        accept(busy, 1);
        long used = memory.used();
        assertThat(recent.accept(busy, event(1))).isEqualTo(ChannelFeed.Verdict.OLD);
        assertThat(memory.used()).isEqualTo(used);
    }

    @Test
    void answer_is_no_longer_than_asked_for() {
        for (int i = 1; i <= 10; i++) {
            accept(busy, i);
        }
        assertThat(busy.after(new EventId("e", 2), 3).orElseThrow().events())
                .extracting(event -> event.id().sequence())
                .containsExactly(3L, 4L, 5L);
        assertThat(busy.after(new EventId("e", 11), 3)).isEmpty();
        assertThat(busy.after(new EventId("other", 3), 3)).isEmpty();
    }

    private List<Long> sequences(ChannelFeed feed, long after) {
        return feed.after(new EventId("e", after), 100).orElseThrow().events().stream()
                .map(event -> event.id().sequence())
                .toList();
    }

    private void accept(ChannelFeed feed, long sequence) {
        assertThat(recent.accept(feed, event(sequence))).isEqualTo(ChannelFeed.Verdict.NEXT);
    }

    private static ChannelFeed feed(String channel) {
        ChannelFeed feed = new ChannelFeed(new ChannelName(channel));
        feed.loaded(LogEnd.open(EventId.NONE));
        return feed;
    }

    private static EncodedEvent event(long sequence) {
        return new EncodedEvent(Event.stored(NewEvent.text("any", "message", "x"), new EventId("e", sequence)));
    }
}
