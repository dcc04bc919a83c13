package dev.eventstream.retention;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.store.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Duration TURN = Duration.ofSeconds(18);

    private final SettableClock clock = new SettableClock();
    private final SettableTicker ticker = new SettableTicker();
    private final MetricRegistry metrics = new MetricRegistry();
    private final MemoryEventStore store = new MemoryEventStore(clock);

    private Retention retention(RetentionRule... rules) {
        return retention((task, length) -> true, rules);
    }

    private Retention retention(Lease lease, RetentionRule... rules) {
        return retention(store, lease, rules);
    }

    private Retention retention(EventStore on, Lease lease, RetentionRule... rules) {
        return new Retention(
                on, lease, clock, ticker, new RetentionRules(Duration.ofHours(24), List.of(rules)), TURN, metrics);
    }

    /** A retention that records its pauses instead of waiting. */
    private Retention pausing(List<Duration> pauses, EventStore on, RetentionRule... rules) {
        return new Retention(
                on,
                (task, length) -> true,
                clock,
                ticker,
                pauses::add,
                new RetentionRules(Duration.ofHours(24), List.of(rules)),
                TURN,
                metrics);
    }

    private long behindSeconds() {
        return (Long) requireNonNull(metrics.getGauges().get("eventstream.retention.behind-seconds"))
                .getValue();
    }

    private static RetentionRule rule(String channels, Duration age, long events) {
        return new RetentionRule(new ChannelPattern(channels), age, events);
    }

    private void send(String channel, int events) {
        store.append(Collections.nCopies(events, NewEvent.text(channel, "message", "data")));
    }

    private Map<String, Long> kept() {
        return store.stats("", 100_000).stream()
                .collect(Collectors.toMap(extent -> extent.channel().value(), ChannelStats::events));
    }

    @Test
    void events_that_are_too_old_for_any_channel_are_removed_whatever_their_number() {
        send("a", 2 * Retention.BATCH + 1);
        send("b", 1);
        clock.advance(Duration.ofHours(24).plusMillis(1));
        send("b", 2);

        retention().run();

        assertThat(kept()).isEqualTo(Map.of("a", 0L, "b", 2L));
        assertThat(metrics.meter("eventstream.events.trimmed").getCount()).isEqualTo(2 * Retention.BATCH + 2);
    }

    @Test
    void the_first_rule_that_matches_a_channel_applies_to_it() {
        send("ticks-1", 2_500);
        send("ticks-2", 3);
        send("orders", 30);
        send("others", 30);
        Retention retention = retention(
                rule("ticks-2", Duration.ofHours(24), 10),
                rule("ticks-*", Duration.ofMinutes(10), 1_000),
                rule("or*", Duration.ofMinutes(5), Long.MAX_VALUE));

        retention.run();
        assertThat(kept()).isEqualTo(Map.of("ticks-1", 1_000L, "ticks-2", 3L, "orders", 30L, "others", 30L));
        clock.advance(Duration.ofMinutes(5));
        retention.run();
        assertThat(kept()).containsEntry("orders", 30L);
        clock.advance(Duration.ofMillis(1));
        retention.run();
        assertThat(kept()).containsEntry("orders", 0L).containsEntry("ticks-1", 1_000L);
        clock.advance(Duration.ofMinutes(5));
        retention.run();
        assertThat(kept()).isEqualTo(Map.of("ticks-1", 0L, "ticks-2", 3L, "orders", 0L, "others", 30L));
    }

    @Test
    void without_a_lease_nothing_is_removed() {
        send("a", 10);
        List<String> asked = new ArrayList<>();
        retention(
                        (task, length) -> {
                            asked.add(task + " for " + length);
                            return false;
                        },
                        rule("*", Duration.ofHours(1), 1))
                .run();

        assertThat(asked).containsExactly("retention for PT18S");
        assertThat(kept()).containsEntry("a", 10L);
    }

    @Test
    void the_next_run_continues_where_the_last_one_stopped() {
        int channels = Retention.MAX_PAGES * Retention.PAGE + 2;
        store.append(IntStream.range(0, 2 * channels)
                .mapToObj(i -> NewEvent.text("channel-" + i % channels, "message", ""))
                .toList());
        Retention retention = retention(rule("*", Duration.ofHours(1), 1));

        retention.run();
        assertThat(kept().values().stream().filter(events -> events == 2)).hasSize(2);
        retention.run();
        assertThat(kept().values()).containsOnly(1L);
        send("channel-0", 5);
        retention.run();
        assertThat(kept().values()).containsOnly(1L);
    }

    @Test
    void a_run_ends_with_its_lease_and_the_next_continues() {
        IntStream.range(0, 10).forEach(i -> send("channel-" + i, 2));
        Retention retention = retention(
                new SlowTrim(store, () -> clock.advance(Duration.ofSeconds(6))),
                (task, length) -> true,
                rule("*", Duration.ofHours(1), 1));

        retention.run();
        assertThat(kept().values().stream().filter(events -> events == 1)).hasSizeLessThan(4);
        IntStream.range(0, 4).forEach(i -> retention.run());
        assertThat(kept().values()).containsOnly(1L);
    }

    @Test
    void old_events_leave_half_of_a_run_to_the_rules() {
        send("old", 20 * Retention.BATCH);
        clock.advance(Duration.ofHours(25));
        send("ticks", 3);
        Retention retention = pausing(
                new ArrayList<>(),
                new SlowTrim(store, () -> clock.advance(Duration.ofSeconds(2))),
                rule("ticks", Duration.ofHours(1), 1));

        retention.run();

        assertThat(kept()).containsEntry("ticks", 1L);
        assertThat(kept().get("old")).isBetween(10_000L, 15_000L);
    }

    @Test
    void old_events_get_the_rest_of_a_run_when_the_rules_are_done() {
        send("old", 7 * Retention.BATCH);
        clock.advance(Duration.ofHours(25));
        Retention retention = pausing(
                new ArrayList<>(),
                new SlowTrim(store, () -> clock.advance(Duration.ofSeconds(2))),
                rule("ticks", Duration.ofHours(1), 1));

        retention.run();

        assertThat(kept()).containsEntry("old", 0L);
    }

    @Test
    void a_run_pauses_four_batch_times_after_a_full_batch_and_one_after_an_unfinished_run() {
        send("old", 20 * Retention.BATCH + 1);
        clock.advance(Duration.ofHours(25));
        List<Duration> pauses = new ArrayList<>();
        Retention retention = pausing(pauses, new SlowTrim(store, () -> {
            ticker.advance(Duration.ofMillis(100));
            clock.advance(Duration.ofSeconds(3));
        }));

        retention.run();
        assertThat(pauses).hasSize(6).containsOnly(Duration.ofMillis(400));
        retention.run();
        assertThat(pauses.subList(6, 12)).containsOnly(Duration.ofMillis(100));
        retention.run();
        retention.run();
        assertThat(kept()).containsEntry("old", 0L);
        assertThat(pauses).as("a batch that is not full is the last").hasSize(20);
    }

    @Test
    void no_pause_is_longer_than_a_second() {
        send("old", Retention.BATCH);
        clock.advance(Duration.ofHours(25));
        List<Duration> pauses = new ArrayList<>();

        pausing(pauses, new SlowTrim(store, () -> ticker.advance(Duration.ofSeconds(10))))
                .run();

        assertThat(pauses).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void a_gauge_shows_for_how_long_runs_have_been_unfinished() {
        send("old", 12 * Retention.BATCH);
        AtomicBoolean isOurs = new AtomicBoolean(true);
        Retention retention = retention(
                new SlowTrim(store, () -> clock.advance(Duration.ofSeconds(3))), (task, length) -> isOurs.get());
        retention.run();
        assertThat(behindSeconds()).isZero();

        clock.advance(Duration.ofHours(25));
        retention.run();
        assertThat(behindSeconds()).isEqualTo(18);
        retention.run();
        assertThat(behindSeconds()).isEqualTo(36);
        isOurs.set(false);
        retention.run();
        assertThat(behindSeconds()).as("another node has the lease").isZero();
        isOurs.set(true);
        retention.run();
        assertThat(kept()).containsEntry("old", 0L);
        assertThat(behindSeconds()).isZero();
    }

    @Test
    void after_a_failure_the_next_run_tries_the_store_again() {
        send("old", 1);
        clock.advance(Duration.ofHours(25));
        AtomicBoolean isBroken = new AtomicBoolean(true);
        Retention retention = retention((task, length) -> {
            if (isBroken.get()) {
                throw new EventStoreException("the database failed");
            }
            return true;
        });

        retention.run();
        assertThat(kept()).containsEntry("old", 1L);
        isBroken.set(false);
        retention.run();
        assertThat(kept()).containsEntry("old", 0L);
    }

    @Test
    void a_rule_cannot_keep_events_for_longer_than_the_overall_age() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> retention(rule("audit", Duration.ofDays(30), 1)))
                .withMessage(
                        "the rule for \"audit\" keeps events for PT720H, longer than PT24H, which is the longest for"
                                + " any channel");
    }
}
