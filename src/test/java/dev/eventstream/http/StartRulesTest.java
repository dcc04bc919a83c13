package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.store.StartLimit;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final long MOST = 5_000;

    private static StartRules rules(String... texts) {
        return new StartRules(List.of(texts));
    }

    private static StartLimit choose(StartRules rules, String... asked) {
        return rules.choose(List.of(asked), NOW, MOST);
    }

    private static StartLimit since(String time) {
        return new StartLimit(Instant.parse(time), MOST);
    }

    @Test
    void the_first_rule_is_for_clients_that_do_not_ask() {
        assertThat(choose(rules("last:20", "now"))).isEqualTo(StartLimit.newest(20));
        assertThat(choose(rules("now", "last:20"))).isEqualTo(StartLimit.NOW);
        assertThat(choose(rules("since:2h"))).isEqualTo(since("2026-01-31T10:00:00Z"));
    }

    @Test
    void a_client_gets_no_more_than_it_asks_for_and_no_more_than_its_rule_allows() {
        StartRules rules = rules("now", "last:100", "since:1h");

        assertThat(choose(rules, "last:99")).isEqualTo(StartLimit.newest(99));
        assertThat(choose(rules, "last:101")).isEqualTo(StartLimit.newest(100));
        assertThat(choose(rules, "since:30m")).isEqualTo(since("2026-01-31T11:30:00Z"));
        assertThat(choose(rules, "since:2026-01-31T11:59:59.5Z")).isEqualTo(since("2026-01-31T11:59:59.5Z"));
        assertThat(choose(rules, "since:2026-01-31T10:59:59Z")).isEqualTo(since("2026-01-31T11:00:00Z"));
        assertThat(choose(rules, "since:2026-01-31T12:30:00+01:00")).isEqualTo(since("2026-01-31T11:30:00Z"));
        assertThat(choose(rules, "since:61m")).isEqualTo(since("2026-01-31T11:00:00Z"));
    }

    @Test
    void no_client_gets_more_events_than_the_limit_of_the_service() {
        assertThat(choose(rules("all"))).isEqualTo(StartLimit.newest(MOST));
        assertThat(choose(rules("last:6000"), "last:5001")).isEqualTo(StartLimit.newest(MOST));
    }

    @ParameterizedTest
    @CsvSource({"since:1s, 2026-01-31T11:59:59Z", "since:90m, 2026-01-31T10:30:00Z", "since:3650d, 2016-02-03T12:00:00Z"
    })
    void a_duration_counts_from_now(String text, String time) {
        assertThat(choose(rules(text))).isEqualTo(since(time));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " now",
                "NOW",
                "last",
                "last:",
                "last:0",
                "last:01",
                "last:-1",
                "last:1000000000",
                "last:1e3",
                "last:٣",
                "last:1 ",
                "all:1",
                "since:",
                "since:0s",
                "since:1",
                "since:1w",
                "since:1ms",
                "since:3651d",
                "since:999999999d",
                "since:9999999999s",
                "since:PT1H",
                "since:2026-01-31",
                "since:2026-01-31T08:30:00",
                "since:2026-02-30T08:30:00Z",
                "since:2026-01-31T08:30:00 01:00",
                "since:+1000000000-12-31T23:59:59.999999999Z0",
                "now,all",
                "now\n"
            })
    void text_in_another_form_is_refused_with_the_forms_that_are_allowed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(rules("now", "all", "last:1", "since:1h"), text))
                .withMessageStartingWith("start \"")
                .withMessageEndingWith(
                        "\" is malformed; allowed are now, all, last:NUMBER with 1 to 999999999, since:DURATION with 1s to"
                                + " 3650d, and since:TIME such as since:2026-01-31T08:30:00Z");
    }

    @Test
    void a_long_text_is_quoted_in_part() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(rules("last:5"), "last:" + "9".repeat(100_000)))
                .withMessageStartingWith("start \"last:" + "9".repeat(55) + "…\" is malformed");
    }

    @Test
    void a_kind_that_is_not_listed_is_refused_with_those_that_are() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(rules("last:5", "since:1h"), "all"))
                .withMessage("start \"all\" is not allowed at this address; allowed are last:5, since:1h"
                        + " (eventStream.routes[].start)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(rules("now"), "now", "now"))
                .withMessage("start is given 2 times; allowed is once");
    }

    @Test
    void a_route_needs_rules_of_different_kinds() {
        assertThatIllegalArgumentException()
                .isThrownBy(StartRulesTest::rules)
                .withMessage("start is empty; without the key, streams begin now");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rules("last:5", "now", "last:6"))
                .withMessage("start has two entries of the same kind: last:5, now, last:6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rules("since:1h", "since:2026-01-31T08:30:00Z"))
                .withMessageStartingWith("start has two entries of the same kind");
    }

    @Test
    void a_route_knows_how_far_back_its_streams_may_begin() {
        assertThat(rules("now").reachesBack()).isFalse();
        assertThat(rules("now", "since:1s").reachesBack()).isTrue();
        assertThat(rules("all").reachesBack()).isTrue();
        assertThat(rules("now", "last:7").lastEvents()).isEqualTo(7);
        assertThat(rules("now", "all").lastEvents()).isZero();
    }
}
