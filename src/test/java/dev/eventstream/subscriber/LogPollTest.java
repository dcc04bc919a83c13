package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.ManualExecutor;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.store.testing.SettableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogPollTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SettableTicker ticker = new SettableTicker();
    private final SettableClock clock = new SettableClock();
    private final Log log = new Log(clock);
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final RecentEvents recent = new RecentEvents(memory);
    private final ManualExecutor executor = new ManualExecutor();
    private final Feeds feeds = new Feeds(log, new StoredChannels(List.of()), feed -> {});
    private final List<ChannelName> moved = new ArrayList<>();
    private final FeedReader reader = new FeedReader(
            new SharedPages(log, memory, ticker),
            recent,
            executor,
            new LogTrouble(),
            feed -> moved.add(feed.channel()));
    private final MetricRegistry metrics = new MetricRegistry();
    private final Meter renewed = metrics.meter("eventstream.log.gone-back");
    private final LogPoll poll = new LogPoll(log, feeds, reader, clock, ticker, SECOND, metrics);

    private List<Event> append(String channel, String... data) {
        return log.append(Stream.of(data)
                        .map(text -> NewEvent.text(channel, "message", text))
                        .toList())
                .events();
    }

    private EventId position(ChannelName channel) {
        return feeds.find(channel).flatMap(ChannelFeed::last).orElseThrow();
    }

    private void pass(Duration time) {
        ticker.advance(time);
        clock.advance(time);
        poll.run();
        executor.runAll();
    }

    private List<ChannelName> follow(int channels) {
        List<ChannelName> names = IntStream.range(0, channels)
                .mapToObj(i -> new ChannelName("c" + i))
                .toList();
        feeds.newest(names);
        log.looks.clear();
        return names;
    }

    // --- a few channels

    @Test
    void a_poll_finds_what_nobody_announced() {
        follow(3);
        EventId sent = append("c1", "x").get(0).id();
        pass(SECOND);

        assertThat(position(new ChannelName("c1"))).isEqualTo(sent);
        assertThat(moved).containsExactly(new ChannelName("c1"));
        assertThat(log.looks).containsExactly(3);
        assertThat(log.since).isEmpty();
    }

    @Test
    void nothing_is_asked_before_the_interval_has_passed_unless_somebody_wants_it() {
        follow(1);
        pass(SECOND);
        pass(Duration.ofMillis(999));
        assertThat(log.looks).hasSize(1);
        poll.soon();
        poll.run();
        assertThat(log.looks).hasSize(2);
        poll.run();
        assertThat(log.looks).hasSize(2);
    }

    @Test
    void without_readers_nothing_is_asked() {
        pass(SECOND);

        assertThat(log.looks).isEmpty();
    }

    // --- many channels

    @Test
    void many_channels_cost_one_query_for_recent_events_and_a_look_at_some_by_name() {
        List<ChannelName> all = follow(30_000);
        pass(SECOND);
        assertThat(log.looks).as("the first poll looks at all").containsExactly(30_000);
        clock.advance(Duration.ofMinutes(1));
        pass(SECOND);
        assertThat(log.since).containsExactly(clock.instant().minusSeconds(1 + LogPoll.OVERLAP_SECONDS));
        assertThat(log.looks).containsExactly(30_000, 1_000);
        EventId sent = append("c29999", "x").get(0).id();
        pass(SECOND);

        assertThat(position(all.get(29_999))).isEqualTo(sent);
        assertThat(moved).containsExactly(all.get(29_999));
    }

    @Test
    void an_event_that_was_committed_long_after_it_was_sent_is_found_within_a_round() {
        follow(600);
        ChannelName lookedAtLast = feeds.channels().get(599);
        pass(SECOND);
        EventId sent = append(lookedAtLast.value(), "x").get(0).id();
        clock.advance(Duration.ofHours(1));
        pass(SECOND);
        assertThat(position(lookedAtLast)).isEqualTo(EventId.NONE);
        pass(SECOND);

        assertThat(position(lookedAtLast)).isEqualTo(sent);
    }

    @Test
    void after_an_outage_everything_is_looked_at() {
        follow(600);
        pass(SECOND);
        log.failure = new EventStoreException("down");
        for (int i = 0; i < LogPoll.ROUND_SECONDS; i++) {
            pass(SECOND);
        }
        log.failure = null;
        log.looks.clear();
        log.since.clear();
        pass(SECOND);

        assertThat(log.looks).containsExactly(600);
        assertThat(log.since).isEmpty();
    }

    @Test
    void after_a_short_outage_the_window_covers_it() {
        follow(600);
        pass(SECOND);
        log.failure = new EventStoreException("down");
        pass(SECOND);
        pass(SECOND);
        log.failure = null;
        log.since.clear();
        pass(SECOND);

        assertThat(log.since).containsExactly(clock.instant().minusSeconds(3 + LogPoll.OVERLAP_SECONDS));
    }

    @Test
    void a_store_that_cannot_tell_what_changed_is_asked_for_all_channels() {
        follow(600);
        log.tellsRecent = false;
        pass(SECOND);
        pass(SECOND);

        assertThat(log.looks).containsExactly(600, 600);
    }

    // --- logs that go back

    private void followThenGoBack() {
        append("a", "1", "2", "3", "4", "5");
        feeds.newest(List.of(A));
        log.goBackTo(Map.of(A, new EventId(position(A).epoch(), 2)));
    }

    @Test
    void two_looks_at_a_log_that_has_gone_back_give_it_a_new_epoch() {
        followThenGoBack();
        EventId last = position(A);
        pass(SECOND);
        assertThat(log.renewals).isEmpty();
        pass(Duration.ofMillis(1)); // the second look does not wait for the interval

        assertThat(log.renewals).containsExactly(A + " " + last.epoch());
        assertThat(renewed.getCount()).isEqualTo(1);
        pass(SECOND);
        pass(SECOND);
        assertThat(log.renewals).hasSize(1);
    }

    @Test
    void the_feed_of_a_log_that_has_gone_back_is_reset() {
        followThenGoBack();
        EventId end = new EventId(position(A).epoch(), 2);
        pass(SECOND);
        pass(SECOND);

        assertThat(position(A)).isEqualTo(end);
        assertThat(moved).containsExactly(A);
    }

    @Test
    void a_log_that_is_gone_counts_as_gone_back() {
        followThenGoBack();
        log.goBackTo(Map.of(A, EventId.NONE));
        pass(SECOND);
        pass(SECOND);

        assertThat(log.renewals).hasSize(1);
    }

    @Test
    void a_feed_that_was_ahead_of_one_look_is_not_suspicious_after_the_next() {
        followThenGoBack();
        pass(SECOND);
        log.goBackTo(Map.of());
        pass(SECOND);
        followThenGoBack();
        pass(SECOND);

        assertThat(log.renewals).isEmpty();
    }

    @Test
    void a_feed_that_moves_during_each_look_is_not_suspicious() {
        EventId first = append("a", "1").get(0).id();
        feeds.newest(List.of(A));
        for (int i = 2; i < 10; i++) {
            Event next = append("a", "" + i).get(0);
            log.goBackTo(Map.of(A, next.previous()));
            recent.accept(feeds.get(A), new EncodedEvent(next));
            pass(SECOND);
        }
        assertThat(position(A)).isEqualTo(new EventId(first.epoch(), 9));
        assertThat(log.renewals).isEmpty();
    }

    @Test
    void a_locked_channel_gets_its_new_epoch_with_a_later_poll() {
        followThenGoBack();
        log.isLocked = true;
        pass(SECOND);
        pass(SECOND);
        assertThat(renewed.getCount()).isZero();
        log.isLocked = false;
        pass(SECOND);

        assertThat(renewed.getCount()).isEqualTo(1);
    }

    @Test
    void one_event_that_contradicts_the_feed_is_enough() {
        Event sent = append("a", "1").get(0);
        feeds.newest(List.of(A));
        ChannelFeed feed = feeds.get(A);
        Event second = append("a", "2").get(0);
        recent.accept(feed, new EncodedEvent(second));
        Event other = Event.stored(NewEvent.text("a", "message", "another"), second.id());
        assertThat(recent.accept(feed, new EncodedEvent(second))).isEqualTo(ChannelFeed.Verdict.OLD);
        assertThat(recent.accept(feed, new EncodedEvent(other))).isEqualTo(ChannelFeed.Verdict.CONTRADICTION);
        poll.doubt(feed);
        pass(Duration.ofMillis(1));

        assertThat(log.renewals).containsExactly(A + " " + sent.id().epoch());
        assertThat(renewed.getCount()).isEqualTo(1);
    }

    @Test
    void a_contradiction_of_an_epoch_that_the_channel_no_longer_has_is_forgotten() {
        append("a", "1");
        feeds.newest(List.of(A));
        log.looks.clear();
        ChannelFeed feed = feeds.get(A);
        poll.doubt(feed);
        feed.reset(LogEnd.open(EventId.NONE));
        pass(Duration.ofMillis(1));
        pass(Duration.ofMillis(1));

        assertThat(log.renewals).isEmpty();
        assertThat(log.looks).as("the second run waits for the interval").containsExactly(1);
    }

    @Test
    void a_doubt_about_a_channel_that_nobody_follows_any_more_is_forgotten() {
        followThenGoBack();
        ChannelFeed feed = feeds.get(A);
        feeds.forgetUnused(channel -> false, 0);
        feeds.forgetUnused(channel -> false, Duration.ofMinutes(2).toNanos());
        follow(1);
        poll.doubt(feed);
        pass(SECOND);
        pass(Duration.ofMillis(1));
        pass(Duration.ofMillis(1));

        assertThat(log.renewals).isEmpty();
        assertThat(log.looks).containsExactly(2);
    }

    /** Remembers what it was asked, and can look as if it had gone back. */
    private static final class Log extends ForwardingEventStore {
        final List<Integer> looks = new ArrayList<>();
        final List<Instant> since = new ArrayList<>();
        final List<String> renewals = new ArrayList<>();
        private final Clock clock;
        private final Map<ChannelName, Instant> sentAt = new HashMap<>();
        private Map<ChannelName, EventId> back = Map.of();
        boolean tellsRecent = true;
        boolean isLocked;

        @Nullable
        EventStoreException failure;

        Log(Clock clock) {
            super(new MemoryEventStore(clock));
            this.clock = clock;
        }

        /** The ends of the channels' logs look like these from now on. */
        void goBackTo(Map<ChannelName, EventId> ends) {
            back = ends;
        }

        @Override
        public Appended append(List<NewEvent> events, Duration maxLockWait) {
            events.forEach(event -> sentAt.put(event.channel(), clock.instant()));
            return super.append(events, maxLockWait);
        }

        @Override
        public Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
            looks.add(channels.size());
            if (failure != null) {
                throw failure;
            }
            Map<ChannelName, EventId> newest = new HashMap<>(super.newest(channels));
            newest.replaceAll((channel, end) -> back.getOrDefault(channel, end));
            return newest;
        }

        @Override
        public Optional<Map<ChannelName, EventId>> newestSince(Instant time) {
            if (!tellsRecent) {
                return Optional.empty();
            }
            since.add(time);
            if (failure != null) {
                throw failure;
            }
            return Optional.of(super.newest(sentAt.keySet().stream()
                    .filter(channel -> !requireNonNull(sentAt.get(channel)).isBefore(time))
                    .toList()));
        }

        @Override
        public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
            EventId end = back.get(channel);
            return end == null || !isShort(end, after)
                    ? super.readAfter(channel, after, limit)
                    : new EventPage.PositionUnavailable(end);
        }

        private static boolean isShort(EventId end, EventId position) {
            return !end.epoch().equals(position.epoch()) || end.sequence() < position.sequence();
        }

        @Override
        public void renewEpoch(ChannelName channel, String epoch) {
            if (isLocked) {
                throw new ChannelLockedException(List.of(channel), new EventStoreException("test"));
            }
            renewals.add(channel + " " + epoch);
        }
    }
}
