package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.loop.SettableTicker;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class RateLimitedLogTest {
    private static final Logger LOGGER = LoggerFactory.getLogger("refusals");

    private final SettableTicker ticker = new SettableTicker();
    private final RateLimitedLog log = new RateLimitedLog(ticker);
    private final Logged logged = new Logged();

    @AfterEach
    void detach() {
        logged.close();
    }

    private List<String> warnings() {
        return logged.lines().stream()
                .filter(line -> line.startsWith("WARN refused: "))
                .toList();
    }

    private void refuse(String reason) {
        log.warn(LOGGER, "refused: {}", reason);
    }

    @Test
    void a_flood_logs_one_warning_per_minute() {
        for (int i = 0; i < 1_000; i++) {
            refuse("it has " + i + " characters");
        }
        assertThat(warnings())
                .containsExactly(
                        "WARN refused: it has 0 characters (more of these within a minute are logged at DEBUG)");

        ticker.advance(RateLimitedLog.SILENCE.minusNanos(1));
        refuse("it has 1 characters");
        assertThat(warnings()).hasSize(1);
        ticker.advance(RateLimitedLog.SILENCE);
        refuse("it has 1 characters");
        assertThat(warnings()).hasSize(2);
    }

    @Test
    void a_flood_of_one_kind_does_not_hide_another() {
        for (int i = 0; i < 1_000; i++) {
            refuse("it is malformed");
        }
        refuse("it has expired");

        assertThat(warnings()).hasSize(2).last().asString().contains("it has expired");
    }

    @Test
    void two_logs_limit_their_rates_independently() {
        refuse("it is malformed");
        new RateLimitedLog(ticker).warn(LOGGER, "refused: {}", "it is malformed");

        assertThat(warnings()).hasSize(2);
    }

    @Test
    void the_number_of_kinds_is_bounded_in_each_minute() {
        for (int i = 0; i < 1_000; i++) {
            refuse("x".repeat(i));
        }
        assertThat(warnings()).hasSize(RateLimitedLog.MAX_KINDS + 1);

        ticker.advance(RateLimitedLog.SILENCE);
        refuse("a new kind");
        assertThat(warnings()).hasSize(RateLimitedLog.MAX_KINDS + 2);
    }
}
