package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventType;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.stream.StreamView;
import dev.eventstream.stream.TypeFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of a node without threads, so that each test chooses its interleaving. */
class ShardTest {
    private static final String RESET_OF = "event: stream-reset\ndata: {\"channels\":[\"%s\"]}";

    /** Shows only events of type {@code other}; those of the tests are of type {@code message}. */
    private static final StreamView OTHERS =
            new StreamView(Reader.anonymous(), TypeFilter.of(List.of(new EventType("other"))));

    private final FailingStore store = new FailingStore();
    private TestNode node = new TestNode(store);

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void live_streams_get_events_in_order_on_every_shard(int shards) {
        node = new TestNode(store, shards, 16 << 20);
        List<TestSink> sinks = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            sinks.add(node.open("a", "b" + i));
        }
        node.send("a", "1", "2");
        node.settle();
        node.send("b3", "only 3");
        node.settle();
        node.send("a", "3");
        node.settle();

        for (int i = 0; i < 7; i++) {
            assertThat(sinks.get(i).data())
                    .containsExactlyElementsOf(i == 3 ? List.of("1", "2", "only 3", "3") : List.of("1", "2", "3"));
        }
        assertThat(node.catchUp.waiting()).isZero();
    }

    @Test
    void a_stream_that_shows_none_of_the_events_is_told_its_position_once_in_20_seconds() {
        TestSink sink = node.open(OTHERS, "a");
        TestSink all = node.open("a");
        Event last = node.send("a", "1", "2").get(1);
        node.settle();
        assertThat(sink.received()).isEmpty();
        node.pass(Duration.ofSeconds(20));
        node.pass(Duration.ofSeconds(60));

        assertThat(sink.received()).isEqualTo("id: a=" + last.id() + "\nevent: keep-alive\ndata:\n\n");
        assertThat(all.data()).containsExactly("1", "2");
        assertThat(all.received()).doesNotContain("keep-alive");
    }

    @Test
    void a_stream_that_falls_behind_among_events_that_it_does_not_show_is_told_its_position_when_it_is_live_again() {
        TestSink sink = node.open(OTHERS, "a");
        sink.stopReading(0);
        Event last = node.send("a", "1", "2").get(1);
        node.settle();
        node.pass(Duration.ofSeconds(20));
        assertThat(sink.received()).isEmpty();
        sink.read();
        node.settle();

        assertThat(sink.received()).isEqualTo("id: a=" + last.id() + "\nevent: keep-alive\ndata:\n\n");
    }

    @Test
    void each_event_carries_the_position_in_all_channels() {
        TestSink sink = node.open("a", "b");
        Event a = node.send("a", "one").get(0);
        Event b = node.send("b", "two").get(0);
        node.settle();

        assertThat(sink.received())
                .isEqualTo("id: a=" + a.id() + ",b=0-0\nevent: message\ndata: one\n\n" + "id: a=" + a.id() + ",b="
                        + b.id() + "\nevent: message\ndata: two\n\n");
    }

    @Test
    void the_first_event_of_a_channel_reaches_live_streams_without_a_query() {
        TestSink sink = node.open("new");
        int reads = store.reads;
        node.send("new", "first");
        node.settle();

        assertThat(sink.data()).containsExactly("first");
        assertThat(store.reads).isEqualTo(reads);
    }

    @Test
    void announcement_that_is_lost_is_repaired_by_the_next_one() {
        TestSink sink = node.open("a");
        node.store("a", "lost");
        node.send("a", "next");
        node.settle();

        assertThat(sink.data()).containsExactly("lost", "next");
    }

    @Test
    void returning_stream_gets_missed_events_and_then_new_ones() {
        Event first = node.send("a", TestNode.numbers(0, 3_000)).get(0);
        TestSink sink = node.open(Reader.anonymous(), TestNode.at(first), "a");
        node.send("a", "live");
        node.settle();

        List<String> expected = new ArrayList<>(List.of(TestNode.numbers(1, 3_000)));
        expected.add("live");
        assertThat(sink.data()).isEqualTo(expected);
    }

    @Test
    void stream_that_returns_to_a_channel_that_nobody_reads_live_gets_all_missed_events_at_once() {
        TestSink before = node.open("a");
        Event first = node.send("a", TestNode.numbers(0, 600)).get(0);
        node.settle();
        before.disconnect();
        node.settle();
        TestSink sink = node.open(Reader.anonymous(), TestNode.at(first), "a");

        assertThat(sink.data()).containsExactly(TestNode.numbers(1, 600));
    }

    @Test
    void events_sent_during_a_catch_up_come_after_the_missed_ones() {
        Event first = node.store("a", TestNode.numbers(0, 2_000)).get(0);
        TestSink other = node.open("a");
        TestSink sink = node.subscribe(Reader.anonymous(), TestNode.at(first), "a");
        node.runShards();
        node.send("a", "2000");
        node.runShards();
        node.settle();

        assertThat(sink.data()).containsExactly(TestNode.numbers(1, 2_001));
        assertThat(other.data()).containsExactly("2000");
    }

    @Test
    void stream_whose_client_stops_reading_misses_nothing_once_it_reads_again() {
        TestSink slow = node.open("a");
        TestSink fast = node.open("a");
        slow.stopReading(1);
        for (int i = 0; i < 500; i++) {
            node.send("a", Integer.toString(i));
            node.settle();
        }
        int offers = slow.offers();
        node.pass(Duration.ofSeconds(5));
        assertThat(slow.offers()).isEqualTo(offers).isLessThan(10);

        slow.read();
        node.settle();
        node.send("a", "500");
        node.settle();

        assertThat(slow.data()).containsExactly(TestNode.numbers(0, 501));
        assertThat(fast.data()).containsExactly(TestNode.numbers(0, 501));
    }

    @Test
    void unstored_events_that_a_slow_client_lost_are_named_by_a_reset() {
        TestSink slow = node.open("live-a");
        slow.stopReading(1);
        for (int i = 0; i < 5; i++) {
            node.sendUnstored("live-a", Integer.toString(i));
            node.settle();
        }
        slow.read();
        node.settle();
        node.sendUnstored("live-a", "after");
        node.settle();

        assertThat(slow.received()).contains(RESET_OF.formatted("live-a"));
        assertThat(slow.data()).containsExactly("0", "after");
    }

    /** The client of a stream that is behind by some events, has lost an unstored one, and reads again. */
    private TestSink behindWithALoss(int events) {
        Event first = node.store("a", TestNode.numbers(0, events)).get(0);
        TestSink sink = node.subscribe(Reader.anonymous(), TestNode.at(first), "a", "live-b");
        node.runShards();
        sink.stopReading(0);
        node.sendUnstored("live-b", "lost");
        node.runShards();
        sink.read();
        return sink;
    }

    @Test
    void a_client_that_is_behind_hears_of_its_losses_before_later_unstored_events() {
        TestSink sink = behindWithALoss(10);
        node.sendUnstored("live-b", "later");
        node.runShards();

        assertThat(sink.received()).isEqualTo("""
                event: stream-reset
                data: {"channels":["live-b"]}

                event: message
                data: later

                """);
        node.settle();
        assertThat(sink.data()).hasSize(10);
        assertThat(sink.received().split("event: stream-reset", -1)).hasSize(2);
    }

    @Test
    void a_client_hears_of_its_losses_whenever_it_goes_on_catching_up() {
        TestSink sink = behindWithALoss(5_000);
        node.settle();

        assertThat(sink.received()).contains("event: stream-reset\ndata: {\"channels\":[\"live-b\"]}\n\n");
        assertThat(sink.received().indexOf("stream-reset"))
                .isLessThan(sink.received().indexOf("data: 4999"));
        assertThat(sink.data()).hasSize(4_999);
    }

    @Test
    void events_that_were_missed_on_their_way_from_another_node_are_named_by_a_reset_of_unstored_channels_only() {
        TestSink both = node.open("a", "live-a");
        TestSink stored = node.open("a");
        node.fanout().missedUnstored();
        node.settle();
        node.sendUnstored("live-a", "after");
        node.settle();

        assertThat(both.received()).contains(RESET_OF.formatted("live-a"));
        assertThat(both.data()).containsExactly("after");
        assertThat(stored.received()).doesNotContain("stream-reset");
    }

    @Test
    void unstored_events_overtake_a_catch_up() {
        Event first = node.store("a", TestNode.numbers(0, 10)).get(0);
        TestSink sink = node.subscribe(Reader.anonymous(), TestNode.at(first), "a", "live-b");
        node.runShards();
        node.sendUnstored("live-b", "now");
        node.runShards();

        assertThat(sink.data()).containsExactly("now");
        node.settle();
        assertThat(sink.data()).hasSize(10);
    }

    @Test
    void skipped_user_only_gets_the_position() {
        TestSink ann = node.open(TestNode.user("ann"), null, "a");
        TestSink bob = node.open(TestNode.user("bob"), null, "a");
        List<Event> events = store.append(
                        List.of(NewEvent.text("a", "message", "secret").skippingUser("ann")))
                .events();
        CompletableFuture<Void> unused = node.fanout().announce(events);
        node.settle();

        assertThat(ann.received()).isEqualTo("id: a=" + events.get(0).id() + "\nevent: keep-alive\ndata:\n\n");
        assertThat(bob.data()).containsExactly("secret");
    }

    // ---- trouble with the log

    @Test
    void stream_waits_for_a_log_that_cannot_be_read() {
        Event first = node.store("a", TestNode.numbers(0, 10)).get(0);
        store.failure = new EventStoreException("down");
        TestSink sink = node.subscribe(Reader.anonymous(), TestNode.at(first), "a");
        node.pass(Duration.ofSeconds(3));
        assertThat(sink.closed()).isNull();

        store.failure = null;
        node.pass(Duration.ofSeconds(2));
        assertThat(sink.data()).hasSize(9);
    }

    @Test
    void stream_whose_catch_up_throws_an_error_ends_so_that_its_client_comes_back() {
        Event first = node.store("a", TestNode.numbers(0, 10)).get(0);
        store.failure = new OutOfMemoryError("test");
        TestSink sink = node.open(Reader.anonymous(), TestNode.at(first), "a");

        assertThat(sink.closed()).isEqualTo(CloseReason.FAILED);
        assertThat(sink.received())
                .contains("retry: ", "\"condition\":\"internal-error\"")
                .doesNotContain("id:");
        node.settle();
        assertThat(node.fanout().openStreams()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void feed_whose_read_fails_is_read_again(boolean isError) {
        TestSink sink = node.open("a");
        node.store("a", "lost");
        if (isError) {
            store.failure = new OutOfMemoryError("test");
        } else {
            store.failure = new EventStoreException("down");
        }
        node.send("a", "next");
        node.settle();
        store.failure = null;
        assertThat(sink.data()).isEmpty();

        node.pass(Duration.ofSeconds(2));
        assertThat(sink.data()).containsExactly("lost", "next");
    }

    @Test
    void stream_ends_if_there_is_no_memory_for_its_catch_up_task() {
        Event first = node.store("a", TestNode.numbers(0, 10)).get(0);
        TestSink sink = node.subscribe(Reader.anonymous(), TestNode.at(first), "a");
        node.catchUp.failOnce(new OutOfMemoryError("test"));
        node.settle();

        assertThat(sink.closed()).isEqualTo(CloseReason.FAILED);
    }

    @Test
    void stream_that_throws_ends_alone() {
        TestSink broken = node.open("a");
        TestSink other = node.open("a");
        broken.throwOnOffer(new OutOfMemoryError("test"));
        node.send("a", "1");
        node.settle();

        assertThat(broken.closed()).isEqualTo(CloseReason.FAILED);
        assertThat(other.data()).containsExactly("1");
    }

    // ---- permissions

    @Test
    void stream_of_a_reader_that_lost_a_permission_ends_as_forbidden() {
        TestSink ann = node.open(TestNode.user("ann"), null, "a");
        TestSink bob = node.open(TestNode.user("bob"), null, "a");
        node.mayRead = (reader, channel) -> !reader.isUser("ann");
        node.fanout().apply(new AccessChange.OfUser("ann", new ChannelName("a")));
        node.settle();

        assertThat(ann.closed()).isEqualTo(CloseReason.FORBIDDEN);
        assertThat(bob.closed()).isNull();
    }

    @Test
    void stream_of_a_reader_whose_permission_is_unknown_ends_so_that_its_client_comes_back() {
        TestSink ann = node.open(TestNode.user("ann"), null, "a");
        node.mayRead = (reader, channel) -> {
            throw new StackOverflowError("test");
        };
        node.fanout().apply(new AccessChange.OfUser("ann", new ChannelName("a")));
        node.settle();

        assertThat(ann.closed()).isEqualTo(CloseReason.FAILED);
        assertThat(ann.received()).contains("internal-error").doesNotContain("forbidden");
    }

    @Test
    void permission_that_changed_during_a_request_is_checked_when_its_stream_joins() {
        node.fanout().apply(new AccessChange.OfUser("ann", new ChannelName("a")));
        node.settle();
        node.mayRead = (reader, channel) -> false;

        assertThat(node.open(TestNode.user("ann"), null, "a").closed()).isEqualTo(CloseReason.FORBIDDEN);
    }

    @Test
    void after_a_change_of_all_permissions_every_stream_is_checked_including_those_that_join_later() {
        TestSink ann = node.open(TestNode.user("ann"), null, "a");
        TestSink anonymous = node.open("a", "b");
        node.mayRead =
                (reader, channel) -> reader.isUser("ann") || !channel.value().equals("b");
        node.fanout().recheckAll();
        node.settle();

        assertThat(ann.closed()).isNull();
        assertThat(anonymous.closed()).isEqualTo(CloseReason.FORBIDDEN);
        assertThat(node.open("b").closed()).isEqualTo(CloseReason.FORBIDDEN);
    }

    @Test
    void after_a_change_for_a_channel_every_reader_of_it_is_checked_including_those_that_are_about_to_join() {
        TestSink ann = node.open(TestNode.user("ann"), null, "a", "b");
        TestSink anonymous = node.open("a", "b");
        TestSink elsewhere = node.open("b");
        TestSink joining = node.subscribe(Reader.anonymous(), null, "a");
        node.mayRead =
                (reader, channel) -> reader.isUser("ann") && channel.value().equals("a");
        node.fanout().apply(new AccessChange.OfChannel(new ChannelName("a")));
        node.settle();

        assertThat(ann.closed()).isNull();
        assertThat(anonymous.closed()).isEqualTo(CloseReason.FORBIDDEN);
        assertThat(joining.closed()).isEqualTo(CloseReason.FORBIDDEN);
        assertThat(elsewhere.closed()).isNull();
    }

    @Test
    void all_streams_of_a_disconnected_user_end_including_those_that_are_about_to_join() {
        TestSink first = node.open(TestNode.user("ann"), null, "a");
        TestSink second = node.open(TestNode.user("ann"), null, "live");
        TestSink bob = node.open(TestNode.user("bob"), null, "a");
        TestSink joining = node.subscribe(TestNode.user("ann"), null, "a");
        node.fanout().apply(new AccessChange.Disconnected("ann", "signed out"));
        node.settle();

        assertThat(List.of(first, second, joining))
                .allSatisfy(sink -> assertThat(sink.closed()).isEqualTo(CloseReason.DISCONNECTED));
        assertThat(bob.closed()).isNull();
    }

    @Test
    void user_who_signs_in_again_after_being_disconnected_stays() {
        node.fanout().apply(new AccessChange.Disconnected("ann", "signed out"));
        node.settle();
        node.ticker.advance(Duration.ofMillis(1));

        assertThat(node.open(TestNode.user("ann"), null, "a").closed()).isNull();
    }

    @Test
    void user_who_has_left_is_not_asked_about() {
        TestSink ann = node.open(TestNode.user("ann"), null, "a");
        ann.disconnect();
        node.settle();
        node.fanout().apply(new AccessChange.OfUser("ann", new ChannelName("a")));
        node.runShards();

        assertThat(node.permissions.waiting()).isZero();
    }

    @Test
    void more_changes_than_can_wait_end_all_streams_so_that_their_readers_are_asked_about_when_they_come_back() {
        TestSink ann = node.open(TestNode.user("ann"), null, "a");
        TestSink anonymous = node.open("a");
        for (int i = 0; i <= WaitingChanges.MAX; i++) {
            node.fanout().apply(new AccessChange.OfUser("user " + i, new ChannelName("a")));
        }
        node.settle();

        assertThat(ann.closed()).isEqualTo(CloseReason.FAILED);
        assertThat(anonymous.closed()).isEqualTo(CloseReason.FAILED);
    }

    // ---- time

    @Test
    void every_stream_is_rechecked_once_a_period_and_not_all_at_the_same_time() {
        node = new TestNode(store, Duration.ofSeconds(100), Duration.ofDays(10_000));
        List<String> asked = new ArrayList<>();
        node.mayRead = (reader, channel) -> asked.add(reader.user().orElse("") + " " + channel);
        List<TestSink> sinks = IntStream.range(0, 200)
                .mapToObj(i -> node.open(TestNode.user("user " + i), null, "a", "b"))
                .toList();
        int most = 0;
        for (int second = 0; second < 100; second++) {
            int before = asked.size();
            node.pass(Duration.ofSeconds(1));
            most = Math.max(most, asked.size() - before);
        }

        assertThat(asked).hasSize(400).doesNotHaveDuplicates();
        assertThat(most).isLessThanOrEqualTo(2 * 4 * (1 + 2 * 2));
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.closed()).isNull());

        node.pass(Duration.ofSeconds(100));
        assertThat(asked).hasSize(800);
    }

    @Test
    void stream_whose_reader_lost_a_permission_ends_within_a_period_without_a_report() {
        node = new TestNode(store, Duration.ofSeconds(10), Duration.ofDays(10_000));
        TestSink anonymous = node.open("a");
        TestSink ann = node.open(TestNode.user("ann"), null, "a");
        node.mayRead = (reader, channel) -> reader.isUser("ann");
        node.pass(Duration.ofSeconds(10));

        assertThat(anonymous.closed()).isEqualTo(CloseReason.FORBIDDEN);
        assertThat(ann.closed()).isNull();
    }

    @Test
    void while_many_questions_wait_no_more_are_added() {
        node = new TestNode(store, Duration.ofSeconds(1), Duration.ofDays(10_000));
        for (int i = 0; i < 1_500; i++) {
            node.subscribe(TestNode.user("user " + i), null, "a");
        }
        for (int i = 0; i < 20; i++) {
            node.runShards();
            node.ticker.advance(Duration.ofMillis(250));
        }

        assertThat(node.rechecks.waiting()).isBetween(1_001, 1_500);
        node.runShards();
        int waiting = node.rechecks.waiting();
        node.ticker.advance(Duration.ofSeconds(1));
        node.runShards();
        assertThat(node.rechecks.waiting()).isEqualTo(waiting);
    }

    @Test
    void stream_ends_at_its_greatest_age_give_or_take_a_tenth_and_its_client_comes_back_at_once() {
        node = new TestNode(store, Duration.ofDays(10_000), Duration.ofSeconds(1_000));
        List<TestSink> sinks =
                IntStream.range(0, 100).mapToObj(i -> node.open("a")).toList();
        node.pass(Duration.ofSeconds(899));
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.closed()).isNull());
        node.pass(Duration.ofSeconds(101));
        assertThat(sinks).filteredOn(sink -> sink.closed() != null).hasSizeBetween(10, 90);
        node.pass(Duration.ofSeconds(101));

        assertThat(sinks).allSatisfy(sink -> {
            assertThat(sink.closed()).isEqualTo(CloseReason.AGED);
            assertThat(sink.received()).matches("retry: [1-9][0-9]{1,2}\n\n");
        });
    }

    @Test
    void stream_ends_when_the_credentials_of_its_reader_expire() {
        node.validUntil = node.clock.instant().plusSeconds(10);
        TestSink ann = node.open(TestNode.user("ann"), null, "a");
        node.validUntil = Instant.MAX;
        TestSink bob = node.open(TestNode.user("bob"), null, "a");
        node.clock.advance(Duration.ofSeconds(9));
        node.pass(Duration.ofSeconds(1));
        assertThat(ann.closed()).isNull();
        node.clock.advance(Duration.ofSeconds(1));
        node.pass(Duration.ofSeconds(1));
        node.send("a", "later");
        node.settle();

        assertThat(ann.closed()).isEqualTo(CloseReason.EXPIRED);
        assertThat(ann.received()).startsWith("retry: ").doesNotContain("later");
        assertThat(bob.data()).containsExactly("later");
    }

    // ---- memory

    @Test
    void number_of_streams_that_catch_up_at_once_is_bounded() {
        Event first = node.store("a", TestNode.numbers(0, 10)).get(0);
        List<TestSink> sinks = IntStream.range(0, 50)
                .mapToObj(i -> node.subscribe(Reader.anonymous(), TestNode.at(first), "a"))
                .toList();
        node.runShards();
        assertThat(node.catchUp.waiting()).isEqualTo(2 * TestNode.CATCH_UP_THREADS);

        node.settle();
        node.settle();
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.data()).hasSize(9));
    }

    @Test
    void burst_over_many_cohorts_with_clients_that_do_not_read_stays_within_the_budget() {
        node = new TestNode(store, 1, 1 << 20);
        List<TestSink> sinks = IntStream.range(0, 500)
                .mapToObj(i -> node.subscribe(Reader.anonymous(), LastEventId.EMPTY, "g", "p" + i))
                .toList();
        node.settle();
        for (TestSink sink : sinks.subList(0, 250)) {
            sink.stopReading(10);
            sink.waits(Duration.ofSeconds(2).toNanos());
        }
        for (int i = 0; i < 4; i++) {
            node.send("g", TestNode.numbers(i * 500, i * 500 + 500));
            for (int round = 0; round < 60; round++) {
                node.runShards();
                node.catchUp.runAll();
                assertThat(node.memory.used()).isLessThan(2 << 20);
            }
        }
        node.pass(Duration.ofSeconds(10));
        sinks.subList(250, 500).forEach(sink -> assertThat(sink.data()).containsExactly(TestNode.numbers(0, 2_000)));
        sinks.subList(0, 250).forEach(TestSink::read);
        node.pass(Duration.ofSeconds(10));
        for (TestSink sink : sinks.subList(0, 250)) {
            if (sink.closed() == null) {
                assertThat(sink.data()).containsExactly(TestNode.numbers(0, 2_000));
            } else {
                assertThat(sink.closed()).isEqualTo(CloseReason.OVERLOADED);
            }
        }
    }

    @Test
    void slowest_streams_end_when_memory_is_short() {
        TestSink slow = node.open("a");
        TestSink slower = node.open("b");
        TestSink reading = node.open("c");
        slow.stopReading(10);
        slower.stopReading(10);
        node.send("a", "1");
        node.send("b", "1");
        node.settle();
        slow.waits(Duration.ofMillis(900).toNanos());
        slower.waits(Duration.ofSeconds(2).toNanos());
        node.pass(Duration.ofSeconds(1));
        assertThat(slower.closed()).isNull();

        node.memory.reserve(15 << 20);
        node.pass(Duration.ofSeconds(1));
        assertThat(slower.closed()).isEqualTo(CloseReason.OVERLOADED);
        assertThat(slow.closed()).isNull();
        assertThat(reading.closed()).isNull();
    }

    @Test
    void unstored_events_are_lost_with_notice_when_memory_is_short() {
        TestSink sink = node.open("live-a");
        long rest = node.memory.limit() - node.memory.used();
        node.memory.reserve(rest);
        node.sendUnstored("live-a", "lost", "lost too");
        node.memory.release(rest);
        node.settle();
        node.sendUnstored("live-a", "after");
        node.settle();

        assertThat(sink.received()).contains(RESET_OF.formatted("live-a"));
        assertThat(sink.data()).containsExactly("after");
    }

    @Test
    void streams_catch_up_once_there_is_memory_for_them() {
        TestSink sink = node.open("a");
        long rest = node.memory.limit() - node.memory.used();
        node.memory.reserve(rest);
        node.send("a", "1");
        node.pass(Duration.ofSeconds(3));
        int offers = sink.offers();
        assertThat(sink.data()).isEmpty();

        node.memory.release(rest);
        node.pass(Duration.ofSeconds(2));
        assertThat(sink.data()).containsExactly("1");
        assertThat(offers).isZero();
    }

    @Test
    void streams_that_have_ended_use_no_memory() {
        long before = node.memory.used();
        List<TestSink> sinks = IntStream.range(0, 10)
                .mapToObj(i -> node.open("live-a", "live-" + i))
                .toList();
        sinks.forEach(sink -> sink.stopReading(3));
        for (int i = 0; i < 10; i++) {
            node.sendUnstored("live-a", "x".repeat(1_000));
            node.settle();
        }
        assertThat(node.memory.used()).isGreaterThan(before);
        sinks.forEach(TestSink::disconnect);
        node.settle();

        assertThat(node.memory.used()).isEqualTo(before);
        assertThat(node.fanout().openStreams()).isZero();
    }

    @Test
    void shard_is_healthy_as_long_as_it_runs_rounds() {
        assertThat(node.troubles()).isEmpty();
        assertThat(node.fanout().channels()).isEmpty();
    }
}
