package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.events;
import static dev.eventstream.subscriber.TestEvents.id;
import static dev.eventstream.subscriber.TestEvents.sequences;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.LogEnd;
import dev.eventstream.subscriber.ChannelFeed.Recent;
import dev.eventstream.subscriber.ChannelFeed.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ChannelFeedTest {
    private final ChannelFeed feed = new ChannelFeed(A);

    private static Optional<List<Long>> sequencesOf(Optional<Recent> recent) {
        return recent.map(found -> sequences(found.events()));
    }

    private Optional<List<Long>> after(EventId position) {
        return sequencesOf(feed.after(position, 10));
    }

    @Test
    void the_tail_has_what_follows_a_position_in_it() {
        feed.loaded(LogEnd.open(id(1)));
        events(2, 4).forEach(feed::accept);

        assertThat(after(id(1))).contains(List.of(2L, 3L, 4L));
        assertThat(after(id(3))).contains(List.of(4L));
        assertThat(after(id(4))).contains(List.of());
        assertThat(sequencesOf(feed.after(id(1), 2))).contains(List.of(2L, 3L));
    }

    @Test
    void a_position_that_the_tail_does_not_reach_has_no_answer() {
        feed.loaded(LogEnd.open(id(5)));
        assertThat(after(id(4))).isEmpty();
        events(6, 8).forEach(feed::accept);
        feed.forget(event(6));

        assertThat(after(id(5))).isEmpty();
        assertThat(after(id(6))).contains(List.of(7L, 8L));
        assertThat(after(id(9))).isEmpty();
        assertThat(after(new EventId("other", 7))).isEmpty();
    }

    @Test
    void an_event_is_the_next_one_or_old_or_shows_a_gap() {
        feed.loaded(LogEnd.open(id(3)));

        assertThat(feed.accept(event(3))).isEqualTo(Verdict.OLD);
        assertThat(feed.accept(event(2))).isEqualTo(Verdict.OLD);
        assertThat(feed.accept(event(5))).isEqualTo(Verdict.GAP);
        assertThat(feed.last()).contains(id(3));
        assertThat(feed.accept(event(4))).isEqualTo(Verdict.NEXT);
        assertThat(feed.last()).contains(id(4));
    }

    @Test
    void an_event_of_another_log_shows_a_gap() {
        feed.loaded(LogEnd.open(new EventId("other", 9)));

        assertThat(feed.accept(event(3))).isEqualTo(Verdict.GAP);
    }

    @Test
    void a_feed_is_behind_a_later_position_and_one_of_another_log() {
        assertThat(feed.isBehind(id(1))).isFalse(); // not loaded, so its load will find that position
        feed.loaded(LogEnd.open(id(3)));

        assertThat(feed.isBehind(id(2))).isFalse();
        assertThat(feed.isBehind(id(3))).isFalse();
        assertThat(feed.isBehind(EventId.NONE)).isFalse();
        assertThat(feed.isBehind(id(4))).isTrue();
        assertThat(feed.isBehind(new EventId("other", 1))).isTrue();
    }

    @Test
    void an_event_that_is_announced_before_the_feed_is_loaded_makes_the_load_suspect() {
        assertThat(feed.accept(event(1))).isEqualTo(Verdict.OLD);
        assertThat(feed.last()).isEmpty();
        assertThat(feed.loaded(LogEnd.open(EventId.NONE))).isTrue();
        assertThat(feed.last()).contains(EventId.NONE);
    }

    @Test
    void a_late_load_does_not_move_the_feed_back() {
        assertThat(feed.loaded(LogEnd.open(id(3)))).isFalse();
        feed.accept(event(4));
        feed.loaded(LogEnd.open(id(3)));

        assertThat(feed.last()).contains(id(4));
    }

    @Test
    void one_thread_loads_a_feed_and_another_may_try_after_it_failed() {
        assertThat(feed.load()).isCompletedExceptionally();
        CompletableFuture<EventId> load = feed.claimLoad().orElseThrow();
        assertThat(feed.claimLoad()).isEmpty();
        assertThat(feed.load()).isSameAs(load);
        feed.abandonLoad();

        assertThat(feed.claimLoad()).isPresent();
    }

    @Test
    void a_reader_that_was_reset_to_the_beginning_of_a_new_log_does_not_get_the_old_ones_tail() {
        feed.loaded(LogEnd.open(EventId.NONE));
        int generation = feed.after(EventId.NONE, 10).orElseThrow().generation();
        feed.accept(event(1));

        assertThat(after(EventId.NONE)).isEmpty();
        assertThat(sequencesOf(feed.after(EventId.NONE, generation, 10))).contains(List.of(1L));
    }

    @Test
    void a_feed_of_a_channel_without_events_has_nothing_to_add() {
        feed.loaded(LogEnd.open(EventId.NONE));

        assertThat(after(EventId.NONE)).contains(List.of());
    }

    @Test
    void a_reset_begins_another_generation_without_a_tail() {
        feed.loaded(LogEnd.open(id(1)));
        feed.accept(event(2));
        int generation = feed.after(id(2), 10).orElseThrow().generation();
        feed.reset(LogEnd.open(id(2)));

        assertThat(after(id(1))).isEmpty();
        assertThat(feed.after(id(2), generation, 10)).isEmpty();
        assertThat(feed.after(id(2), 10).orElseThrow().generation()).isNotEqualTo(generation);
    }

    @Test
    void an_old_event_of_another_log_is_forgotten_without_harm_to_the_tail() {
        feed.loaded(LogEnd.open(id(1)));
        feed.accept(event(2));
        feed.reset(LogEnd.open(new EventId("f", 1)));
        feed.accept(new EncodedEvent(Event.stored(NewEvent.text("a", "message", "x"), new EventId("f", 2))));
        feed.forget(event(2));

        assertThat(after(new EventId("f", 1))).contains(List.of(2L));
    }
}
