package dev.eventstream.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.store.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Duration TURN = Duration.ofSeconds(18);

    private final SettableClock clock = new SettableClock();
    private final MemoryEventStore store = new MemoryEventStore(clock);

    private Retention retention(RetentionRule... rules) {
        return retention((task, length) -> true, rules);
    }

    private Retention retention(Lease turns, RetentionRule... rules) {
        return new Retention(store, turns, clock, new RetentionRules(Duration.ofHours(24), List.of(rules)), TURN);
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
    void what_is_too_old_for_any_channel_goes_however_much_it_is() {
        send("a", 2 * Retention.BATCH + 1);
        send("b", 1);
        clock.advance(Duration.ofHours(24).plusMillis(1));
        send("b", 2);

        retention().run();

        assertThat(kept()).isEqualTo(Map.of("a", 0L, "b", 2L));
    }

    @Test
    void the_first_rule_that_fits_a_channel_holds_for_it() {
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
    void without_a_turn_nothing_is_removed() {
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
    void a_run_that_cannot_look_at_all_channels_goes_on_from_there_the_next_time() {
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
    void a_run_ends_with_its_turn_and_the_next_goes_on() {
        IntStream.range(0, 10).forEach(i -> send("channel-" + i, 2));
        Retention retention = new Retention(
                new SlowTrim(store, () -> clock.advance(Duration.ofSeconds(6))),
                (task, length) -> true,
                clock,
                new RetentionRules(Duration.ofHours(24), List.of(rule("*", Duration.ofHours(1), 1))),
                TURN);

        retention.run();
        assertThat(kept().values().stream().filter(events -> events == 1)).hasSizeLessThan(4);
        IntStream.range(0, 4).forEach(i -> retention.run());
        assertThat(kept().values()).containsOnly(1L);
    }

    @Test
    void a_rule_cannot_keep_events_for_longer_than_any_is_kept() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> retention(rule("audit", Duration.ofDays(30), 1)))
                .withMessage(
                        "the rule for \"audit\" keeps events for PT720H, longer than PT24H, which is the longest for"
                                + " any channel");
    }
}
