package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class FailureLogTest {
    private static final Logger LOGGER = LoggerFactory.getLogger("failures");

    private final SettableTicker ticker = new SettableTicker();
    private final FailureLog log = new FailureLog("Streams on /a", ticker);
    private final Logged logged = new Logged();

    @AfterEach
    void detach() {
        logged.close();
    }

    private List<String> lines() {
        return logged.lines().stream()
                .filter(line -> line.contains("Streams on /a") && !line.startsWith("DEBUG"))
                .toList();
    }

    private static RuntimeException outage(String message) {
        return new IllegalStateException(message, new java.io.IOException("refused"));
    }

    @Test
    void an_outage_logs_one_warning_with_its_reason_and_one_line_when_it_ends() {
        for (int i = 0; i < 1_000; i++) {
            log.failed(LOGGER, outage("the database is gone, request " + i));
            ticker.advance(Duration.ofSeconds(1));
        }
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith(
                        "WARN Streams on /a cannot be served; further failures with this cause are logged at DEBUG\n")
                .contains("the database is gone, request 0", "Caused by: java.io.IOException: refused");

        ticker.advance(FailureLog.CALM.minusSeconds(1));
        log.succeeded(LOGGER);
        log.succeeded(LOGGER);

        assertThat(lines()).hasSize(2).last().isEqualTo("INFO Streams on /a can be served again after 1000 failures");
    }

    @Test
    void single_successes_among_failures_do_not_end_an_outage() {
        for (int i = 0; i < 1_000; i++) {
            log.failed(LOGGER, outage("x"));
            ticker.advance(FailureLog.CALM.minusNanos(1));
            log.succeeded(LOGGER);
        }
        assertThat(lines()).hasSize(1);
    }

    @Test
    void the_next_outage_logs_a_new_warning() {
        log.failed(LOGGER, outage("first"));
        ticker.advance(FailureLog.CALM);
        log.succeeded(LOGGER);
        log.failed(LOGGER, outage("second"));

        assertThat(lines()).hasSize(3).last().asString().contains("second");
    }

    @Test
    void another_cause_logs_another_warning() {
        log.failed(LOGGER, outage("the database is gone"));
        log.failed(LOGGER, new IllegalStateException("the authorizer is broken"));
        log.failed(LOGGER, new IllegalArgumentException("the authorizer is broken"));

        assertThat(lines()).hasSize(3);
    }

    @Test
    void the_number_of_distinguished_causes_is_bounded() {
        for (int i = 0; i < 1_000; i++) {
            IllegalStateException failure = new IllegalStateException("x");
            failure.setStackTrace(new StackTraceElement[] {new StackTraceElement("C", "m" + i, "C.java", i)});
            log.failed(LOGGER, failure);
        }
        assertThat(lines()).hasSize(FailureLog.MAX_CAUSES);
    }

    @Test
    void success_alone_is_not_logged() {
        log.succeeded(LOGGER);

        assertThat(lines()).isEmpty();
    }

    @Test
    void a_failure_without_a_stack_trace_or_with_circular_causes_is_logged() {
        IllegalStateException bare = new IllegalStateException("bare");
        bare.setStackTrace(new StackTraceElement[0]);
        IllegalStateException one = new IllegalStateException("loop");
        IllegalStateException other = new IllegalStateException("other", one);
        one.initCause(other);

        log.failed(LOGGER, bare);
        log.failed(LOGGER, one);

        assertThat(lines()).hasSize(2);
    }
}
