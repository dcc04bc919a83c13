package dev.eventstream.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.control.LaneQueue.Outcome;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneQueueTest {
    private static final int LONGEST = 500;

    private final ItemEncoder encoder = new ItemEncoder(new UniqueIds("n1"), false);
    private final LaneQueue queue =
            queue(LaneLimits.DEFAULT.withQueue(4, 10_000).withBatch(3, 400));

    @Test
    void the_defaults_are_as_documented() {
        assertThat(LaneLimits.DEFAULT.toString())
                .isEqualTo("LaneLimits[maxQueuedEvents=10000, maxQueuedBytes=33554432, maxBatchItems=500,"
                        + " maxBatchBytes=500000, minInterval=PT0.03S, giveUpAfter=PT30S, drainTimeout=PT3S]");
    }

    @Test
    void batches_are_bounded_by_items_and_by_bytes() {
        for (int i = 1; i <= 4; i++) {
            assertThat(offer(queue, stored("a", i, ""))).isEqualTo(Outcome.QUEUED);
        }
        assertThat(ids(queue)).containsExactly("e-1", "e-2");
        assertThat(ids(queue)).containsExactly("e-3", "e-4");
        assertThat(ids(queue)).isEmpty();
    }

    @Test
    void an_item_longer_than_a_batch_is_sent_alone() {
        offer(queue, stored("a", 1, ""));
        offer(queue, stored("a", 2, "x".repeat(300)));
        offer(queue, stored("a", 3, ""));
        assertThat(ids(queue)).containsExactly("e-1");
        assertThat(ids(queue)).containsExactly("e-2");
        assertThat(ids(queue)).containsExactly("e-3");
    }

    @Test
    void an_item_that_can_never_be_sent_is_repaired() {
        assertThat(offer(queue, stored("a", 1, "x".repeat(LONGEST)))).isEqualTo(Outcome.TOO_LONG);
        assertThat(offer(queue, stored("a", 2, ""))).isEqualTo(Outcome.COVERED);
        assertThat(offer(queue, stored("b", 1, ""))).isEqualTo(Outcome.QUEUED);
        assertThat(kinds(queue)).containsExactly(ProxyItem.Kind.HINT, ProxyItem.Kind.STORED);
        assertThat(offer(queue, stored("a", 3, ""))).isEqualTo(Outcome.QUEUED);
    }

    @Test
    void the_queue_also_overflows_by_bytes_and_unstored_channels_continue_after_their_reset() {
        LaneQueue small = queue(LaneLimits.DEFAULT.withQueue(100, 500));
        assertThat(offer(small, unstored("x"))).isEqualTo(Outcome.QUEUED);
        assertThat(offer(small, stored("a", 1, "y".repeat(300)))).isEqualTo(Outcome.OVERFLOW);
        assertThat(small.queuedEvents()).isZero();
        assertThat(small.queuedRepairs()).isEqualTo(2);
        assertThat(offer(small, unstored("x"))).isEqualTo(Outcome.QUEUED);
        assertThat(kinds(small)).containsExactly(ProxyItem.Kind.RESET, ProxyItem.Kind.HINT, ProxyItem.Kind.UNSTORED);
    }

    @Test
    void too_many_repairs_become_one_request_to_recover_everything_but_resets_stay() {
        queue.repairFor(unstored("live"));
        for (int i = 0; i < Repairs.MAX; i++) {
            queue.repairFor(stored("a" + i, 1, ""));
        }
        assertThat(queue.queuedRepairs()).isEqualTo(1);
        assertThat(offer(queue, stored("new", 1, ""))).isEqualTo(Outcome.COVERED);
        assertThat(queue.takeRecoverAll()).isPresent();
        assertThat(queue.takeRecoverAll()).isEmpty();
        assertThat(kinds(queue)).containsExactly(ProxyItem.Kind.RESET);
        assertThat(offer(queue, stored("new", 2, ""))).isEqualTo(Outcome.QUEUED);
    }

    @Test
    void resets_beyond_the_limit_are_counted() {
        for (int i = 0; i < Repairs.MAX + 2; i++) {
            queue.repairFor(unstored("x" + i));
        }
        assertThat(queue.queuedRepairs()).isEqualTo(Repairs.MAX);
        assertThat(queue.lostResets()).isEqualTo(2);
    }

    @Test
    void due_kicks_go_first_and_kicks_beyond_the_limit_recover_everything() throws Exception {
        offer(queue, stored("a", 1, ""));
        List<ProxyItem> kick = encoder.kick("bob", new ChannelName("a"), new byte[0]);
        queue.kick(kick, System.nanoTime());
        queue.kick(kick, System.nanoTime() + TimeUnit.HOURS.toNanos(1));
        assertThat(kinds(queue)).startsWith(ProxyItem.Kind.KICK, ProxyItem.Kind.KICK);
        assertThat(ids(queue)).isSubsetOf("e-1");
        assertThat(queue.await(0)).isFalse();
        for (int i = 0; i < Kicks.MAX; i++) {
            queue.kick(kick, System.nanoTime() + TimeUnit.HOURS.toNanos(1));
        }
        assertThat(queue.takeRecoverAll()).isPresent();
        queue.stop();
        assertThat(queue.await(TimeUnit.HOURS.toNanos(1))).isTrue();
        assertThat(kinds(queue)).startsWith(ProxyItem.Kind.KICK, ProxyItem.Kind.KICK);
    }

    @Test
    void events_that_are_given_up_are_repaired_and_their_announcement_completes() {
        Announcement announcement = new Announcement(2);
        queue.offer(stored("a", 2, ""), announcement);
        queue.giveUp(List.of(new QueuedItem(stored("a", 1, ""), announcement)));
        assertThat(announcement.announced()).isCompleted();
        assertThat(kinds(queue)).containsExactly(ProxyItem.Kind.HINT);
    }

    @Test
    void events_that_a_hint_replaces_are_announced_when_the_hint_is_sent_or_given_up() {
        Announcement overflow = new Announcement(5);
        for (int i = 1; i <= 5; i++) {
            queue.offer(stored("a", i, ""), overflow);
        }
        Announcement covered = new Announcement(1);
        assertThat(queue.offer(stored("a", 6, ""), covered)).isEqualTo(Outcome.COVERED);
        assertThat(overflow.announced()).isCompleted();
        assertThat(covered.announced()).isNotDone();
        List<QueuedItem> hint = queue.take();
        assertThat(hint).hasSize(1);
        hint.get(0).done();
        assertThat(covered.announced()).isCompleted();
        Announcement tooLong = new Announcement(1);
        queue.offer(stored("a", 7, "x".repeat(LONGEST)), tooLong);
        assertThat(tooLong.announced()).isNotDone();
        queue.giveUp(List.of());
        assertThat(tooLong.announced()).isCompleted();
    }

    @Test
    void a_closed_queue_fails_announcements_that_wait_for_hints() {
        Announcement waiting = new Announcement(1);
        queue.offer(stored("a", 1, "x".repeat(LONGEST)), waiting);
        assertThat(queue.close()).isZero();
        assertThat(waiting.announced()).isCompletedExceptionally();
    }

    @Test
    void a_closed_queue_fails_every_announcement() {
        Announcement before = new Announcement(1);
        Announcement after = new Announcement(1);
        queue.offer(stored("a", 1, ""), before);
        assertThat(queue.close()).isEqualTo(1);
        assertThat(queue.offer(stored("a", 2, ""), after)).isEqualTo(Outcome.CLOSED);
        assertThat(before.announced()).isCompletedExceptionally();
        assertThat(after.announced()).isCompletedExceptionally();
    }

    private LaneQueue queue(LaneLimits limits) {
        return new LaneQueue(limits, LONGEST, encoder, Ticker.systemTicker());
    }

    private static Outcome offer(LaneQueue queue, ProxyItem item) {
        return queue.offer(item, Announcement.unheard());
    }

    private ProxyItem stored(String channel, int sequence, String data) {
        return encoder.event(Event.stored(NewEvent.text(channel, "m", data), new EventId("e", sequence)));
    }

    private ProxyItem unstored(String channel) {
        return encoder.event(Event.unstored(NewEvent.text(channel, "m", "")));
    }

    private static List<String> ids(LaneQueue queue) {
        return taken(queue).stream().map(ProxyItem::id).toList();
    }

    private static List<ProxyItem.Kind> kinds(LaneQueue queue) {
        return taken(queue).stream().map(ProxyItem::kind).toList();
    }

    private static List<ProxyItem> taken(LaneQueue queue) {
        List<ProxyItem> items = new ArrayList<>();
        queue.take().forEach(entry -> items.add(entry.item()));
        return items;
    }
}
