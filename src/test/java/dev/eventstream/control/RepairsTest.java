package dev.eventstream.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepairsTest {
    private final ItemEncoder encoder = new ItemEncoder(new UniqueIds("n1"), false);
    private final Repairs repairs = new Repairs(encoder);

    @Test
    void a_stored_channel_gets_one_hint_and_an_unstored_one_gets_one_reset_in_order() {
        repairs.add(stored("a"));
        repairs.add(unstored("b"));
        repairs.add(stored("a"));

        assertThat(repairs.size()).isEqualTo(2);
        assertThat(repairs.take(10))
                .extracting(
                        queued -> queued.item().kind(),
                        queued -> queued.item().source().value())
                .containsExactly(tuple(ProxyItem.Kind.HINT, "a"), tuple(ProxyItem.Kind.RESET, "b"));
        assertThat(repairs.isEmpty()).isTrue();
    }

    @Test
    void no_more_repairs_are_taken_than_fit() {
        List.of("a", "b", "c").forEach(channel -> repairs.add(stored(channel)));

        assertThat(repairs.take(2)).hasSize(2);
        assertThat(repairs.take(2))
                .extracting(queued -> queued.item().source().value())
                .containsExactly("c");
    }

    @Test
    void a_repair_covers_only_stored_events_of_its_channel() {
        repairs.add(stored("a"));
        repairs.add(unstored("b"));

        assertThat(repairs.cover(stored("a"))).isTrue();
        assertThat(repairs.cover(stored("c"))).isFalse();
        assertThat(repairs.cover(unstored("b"))).isFalse();
    }

    @Test
    void until_it_is_taken_recovering_everything_replaces_hints_but_not_resets() {
        repairs.add(stored("a"));
        repairs.add(unstored("b"));
        repairs.recoverAll();
        repairs.add(stored("c"));

        assertThat(repairs.size()).isEqualTo(1);
        assertThat(repairs.cover(stored("d"))).isTrue();
        assertThat(repairs.isEmpty()).isFalse();
        assertThat(repairs.takeRecoverAll()).isPresent();
        assertThat(repairs.takeRecoverAll()).isEmpty();
        assertThat(repairs.cover(stored("d"))).isFalse();
        assertThat(repairs.take(10)).extracting(queued -> queued.item().kind()).containsExactly(ProxyItem.Kind.RESET);
    }

    @Test
    void the_newest_event_of_a_channel_waits_for_its_hint_and_those_before_it_do_not() {
        Announcement first = new Announcement(1);
        Announcement second = new Announcement(1);
        Announcement before = new Announcement(1);
        assertThat(repairs.replace(new QueuedItem(stored("a", 2), first)).announced())
                .isCompleted();
        assertThat(repairs.replace(new QueuedItem(stored("a", 3), second))).isSameAs(first);
        assertThat(repairs.replace(new QueuedItem(stored("a", 1), before))).isSameAs(before);
        assertThat(repairs.take(10)).extracting(QueuedItem::announcement).containsExactly(second);
    }

    @Test
    void an_unstored_event_does_not_wait_because_no_row_is_left_of_it() {
        Announcement announcement = new Announcement(1);
        assertThat(repairs.replace(new QueuedItem(unstored("a"), announcement))).isSameAs(announcement);
    }

    @Test
    void events_wait_for_the_request_to_recover_everything_also_when_it_is_repeated() {
        Announcement hinted = new Announcement(1);
        Announcement late = new Announcement(1);
        repairs.replace(new QueuedItem(stored("a"), hinted));
        repairs.recoverAll();
        ReplacedEvents brought = repairs.takeRecoverAll().orElseThrow();
        repairs.replace(new QueuedItem(stored("a", 2), late));
        assertThat(repairs.recoverAll(brought)).containsExactly(hinted);
        repairs.takeRecoverAll().orElseThrow().done();
        assertThat(late.announced()).isCompleted();
        assertThat(hinted.announced()).isNotDone();
    }

    @Test
    void beyond_the_limit_an_announcement_does_not_wait() {
        for (int i = 0; i < ReplacedEvents.MAX; i++) {
            repairs.replace(new QueuedItem(stored("a" + i), new Announcement(1)));
        }
        Announcement beyond = new Announcement(1);
        assertThat(repairs.replace(new QueuedItem(stored("b"), beyond))).isSameAs(beyond);
        Announcement newer = new Announcement(1);
        assertThat(repairs.replace(new QueuedItem(stored("a1"), newer))).isNotSameAs(newer);
    }

    private ProxyItem stored(String channel) {
        return stored(channel, 1);
    }

    private ProxyItem stored(String channel, int sequence) {
        return encoder.event(Event.stored(NewEvent.text(channel, "m", ""), new EventId("e", sequence)));
    }

    private ProxyItem unstored(String channel) {
        return encoder.event(Event.unstored(NewEvent.text(channel, "m", "")));
    }
}
