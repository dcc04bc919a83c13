package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.LIVE;
import static dev.eventstream.subscriber.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeedsTest {
    private final Log log = new Log();
    private final List<ChannelFeed> behind = new ArrayList<>();
    private final Feeds feeds = new Feeds(log, new StoredChannels(List.of(new ChannelPattern("live*"))), behind::add);

    private EventId append(String channel) {
        return log.append(List.of(NewEvent.text(channel, "message", "x")))
                .events()
                .get(0)
                .id();
    }

    @Test
    void channels_are_loaded_with_one_query_and_only_once() {
        EventId newest = append("a");

        assertThat(feeds.newest(List.of(A, B))).isEqualTo(Map.of(A, newest, B, EventId.NONE));
        assertThat(feeds.get(A).last()).contains(newest);
        assertThat(feeds.newest(List.of(A, B))).isEqualTo(Map.of(A, newest, B, EventId.NONE));
        assertThat(log.queries).containsExactly(List.of(A, B));
        ChannelName c = new ChannelName("c");
        assertThat(feeds.newest(List.of(A, c))).isEqualTo(Map.of(A, newest, c, EventId.NONE));
        assertThat(log.queries).containsExactly(List.of(A, B), List.of(c));
        assertThat(behind).isEmpty();
    }

    @Test
    void a_channel_has_a_feed_from_its_first_use() {
        assertThat(feeds.find(A)).isEmpty();
        ChannelFeed feed = feeds.get(A);

        assertThat(feed.channel()).isEqualTo(A);
        assertThat(feeds.get(A)).isSameAs(feed);
        assertThat(feeds.find(A)).containsSame(feed);
        assertThat(feeds.channels()).containsExactly(A);
        assertThat(feeds.isStored(A)).isTrue();
        assertThat(feeds.isStored(LIVE)).isFalse();
    }

    @Test
    void a_feed_that_misses_an_announcement_while_it_is_loaded_is_behind() {
        log.meanwhile = () -> feeds.get(A).accept(event(1));
        feeds.newest(List.of(A, B));

        assertThat(behind).containsExactly(feeds.get(A));
    }

    @Test
    void a_load_that_fails_is_tried_again_by_the_next_reader() {
        log.meanwhile = () -> {
            throw new EventStoreException("down");
        };
        assertThatThrownBy(() -> feeds.newest(List.of(A))).hasMessage("down");
        log.meanwhile = () -> {
            throw new OutOfMemoryError("test");
        };
        assertThatThrownBy(() -> feeds.newest(List.of(A))).isInstanceOf(OutOfMemoryError.class);
        log.meanwhile = null;
        EventId newest = append("a");

        assertThat(feeds.newest(List.of(A))).isEqualTo(Map.of(A, newest));
    }

    @Test
    void readers_of_one_channel_share_a_load() throws Exception {
        EventId newest = append("a");
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        log.meanwhile = () -> {
            loading.countDown();
            await(gate);
        };
        CompletableFuture<Map<ChannelName, EventId>> one =
                CompletableFuture.supplyAsync(() -> feeds.newest(List.of(A)));
        loading.await();
        CompletableFuture<Map<ChannelName, EventId>> two =
                CompletableFuture.supplyAsync(() -> feeds.newest(List.of(A)));
        gate.countDown();

        assertThat(one.get()).isEqualTo(Map.of(A, newest));
        assertThat(two.get()).isEqualTo(Map.of(A, newest));
        assertThat(log.queries).hasSize(1);
    }

    @Test
    void a_reader_learns_that_the_load_it_waited_for_has_failed() throws Exception {
        ChannelFeed feed = feeds.get(A);
        CompletableFuture<EventId> load = feed.claimLoad().orElseThrow();
        load.completeExceptionally(new EventStoreException("down"));

        assertThatThrownBy(() -> feeds.newest(List.of(A)))
                .isInstanceOf(EventStoreException.class)
                .hasMessage("the newest position of a channel could not be read")
                .hasRootCauseMessage("down");
    }

    @Test
    void a_feed_is_forgotten_when_nobody_has_read_it_for_a_minute() {
        feeds.get(A);
        feeds.get(B);
        Set<ChannelName> read = new HashSet<>(Set.of(B));
        long start = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();
        forgetUnused(Set.of(A, B), start, Duration.ZERO);
        forgetUnused(read, start, Duration.ZERO);
        forgetUnused(read, start, Duration.ofSeconds(60));
        assertThat(feeds.channels()).containsExactlyInAnyOrder(A, B);
        forgetUnused(read, start, Duration.ofSeconds(60).plusNanos(1));
        assertThat(feeds.channels()).containsExactly(B);

        feeds.get(A);
        forgetUnused(read, start, Duration.ofMinutes(2));
        assertThat(feeds.channels()).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void a_feed_that_no_stream_has_read_is_forgotten_after_five_seconds() {
        feeds.newest(List.of(A));
        forgetUnused(Set.of(), 0, Duration.ZERO);
        forgetUnused(Set.of(), 0, Duration.ofSeconds(5));
        assertThat(feeds.channels()).containsExactly(A);
        forgetUnused(Set.of(), 0, Duration.ofSeconds(5).plusNanos(1));
        assertThat(feeds.channels()).isEmpty();

        feeds.newest(List.of(A));
        forgetUnused(Set.of(A), 0, Duration.ofSeconds(10));
        forgetUnused(Set.of(), 0, Duration.ofSeconds(11));
        forgetUnused(Set.of(), 0, Duration.ofSeconds(71));
        assertThat(feeds.channels()).containsExactly(A);
        forgetUnused(Set.of(), 0, Duration.ofSeconds(72));
        assertThat(feeds.channels()).isEmpty();

        feeds.newest(List.of(A));
        forgetUnused(Set.of(), 0, Duration.ofSeconds(80));
        forgetUnused(Set.of(), 0, Duration.ofSeconds(86));
        assertThat(feeds.channels())
                .as("the stream that read it was another feed's")
                .isEmpty();
    }

    @Test
    void counts_the_feeds_that_there_would_be() {
        feeds.get(A);

        assertThat(feeds.size()).isEqualTo(1);
        assertThat(feeds.sizeWith(List.of(A, B, LIVE))).isEqualTo(2);
        assertThat(feeds.size()).isEqualTo(1);
    }

    @Test
    void a_feed_that_is_read_again_is_kept_for_another_minute() {
        feeds.get(A);
        forgetUnused(Set.of(A), 0, Duration.ZERO);
        forgetUnused(Set.of(), 0, Duration.ZERO);
        forgetUnused(Set.of(A), 0, Duration.ofSeconds(50));
        forgetUnused(Set.of(), 0, Duration.ofSeconds(70));
        forgetUnused(Set.of(), 0, Duration.ofSeconds(130));
        assertThat(feeds.channels()).containsExactly(A);
        forgetUnused(Set.of(), 0, Duration.ofSeconds(131));

        assertThat(feeds.channels()).isEmpty();
    }

    @Test
    void a_reader_that_comes_while_its_feed_is_being_forgotten_keeps_it() {
        feeds.get(A);
        forgetUnused(Set.of(), 0, Duration.ZERO);
        boolean[] isAsked = new boolean[1];
        feeds.forgetUnused(
                channel -> {
                    boolean isRead = isAsked[0];
                    isAsked[0] = true;
                    return isRead;
                },
                Duration.ofSeconds(61).toNanos());

        assertThat(feeds.channels()).containsExactly(A);
    }

    private void forgetUnused(Set<ChannelName> read, long startNanos, Duration later) {
        feeds.forgetUnused(read::contains, startNanos + later.toNanos());
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Remembers the queries for newest positions; something may happen during each of them. */
    private static final class Log extends ForwardingEventStore {
        final List<List<ChannelName>> queries = new ArrayList<>();
        volatile @Nullable Runnable meanwhile;

        Log() {
            super(new MemoryEventStore(Clock.systemUTC()));
        }

        @Override
        public Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
            queries.add(List.copyOf(channels));
            Runnable now = meanwhile;
            if (now != null) {
                now.run();
            }
            return super.ends(channels);
        }
    }
}
