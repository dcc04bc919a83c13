package dev.eventstream.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.torture.StreamParser.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the judge of latest channels: the breaches that it must find, and those that it must not report. */
class LatestMemoryTest {
    private static final String CHANNEL = Channels.LATEST.get(0);
    private static final String EPOCH = "k3f9x2";

    @TempDir
    Path directory;

    private Trace trace;
    private Findings findings;
    private Truth truth;
    private LatestMemory memory;

    @BeforeEach
    void begin() throws IOException {
        trace = new Trace(directory);
        findings = new Findings(trace);
        truth = new Truth(findings);
        memory = new LatestMemory("l1", "u1", CHANNEL, truth, findings, new Permissions(), trace, Duration.ZERO);
        for (int i = 1; i <= 5; i++) {
            truth.logged(CHANNEL, new Position(EPOCH, i), data(i));
        }
        truth.followed(CHANNEL, EPOCH, 5, 0);
    }

    @AfterEach
    void end() throws IOException {
        trace.close();
    }

    @Test
    void events_may_be_left_out() {
        take(3);
        take(5);
        assertThat(findings.isEmpty()).isTrue();
        assertThat(memory.waitsFor()).isEmpty();
    }

    @Test
    void an_event_after_a_newer_one_is_reordered() {
        take(3);
        take(2);
        assertThat(findings.count(Breach.REORDERED)).isEqualTo(1);
    }

    @Test
    void an_event_that_comes_twice_is_repeated() {
        take(3);
        take(3);
        assertThat(findings.count(Breach.REPEATED)).isEqualTo(1);
    }

    @Test
    void an_event_may_come_twice_through_a_proxy_but_not_after_a_newer_one() {
        memory.asks(false);
        take(5);
        take(5);
        assertThat(findings.isEmpty()).isTrue();
        take(4);
        assertThat(findings.count(Breach.REORDERED)).isEqualTo(1);
    }

    @Test
    void a_stream_that_begins_with_an_old_event_is_reordered() {
        memory.asks(true);
        take(4);
        assertThat(findings.count(Breach.REORDERED)).isEqualTo(1);
    }

    @Test
    void a_new_reader_may_begin_with_the_newest_event() {
        memory.asks(true);
        take(5);
        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void a_reset_is_a_loss() {
        memory.take(new Block(true, CHANNEL + '=' + EPOCH + "-5", "stream-reset", "{}"));
        assertThat(findings.count(Breach.LOST)).isEqualTo(1);
    }

    @Test
    void a_reader_without_the_newest_event_waits_for_it_even_at_its_position() {
        take(4);
        assertThat(memory.waitsFor()).isPresent();
        memory.take(new Block(true, CHANNEL + '=' + EPOCH + "-5", "", ""));
        assertThat(memory.waitsFor()).isPresent();
        truth.followed(CHANNEL, EPOCH, 5, 5);
        assertThat(memory.waitsFor()).isEmpty();
    }

    private void take(int sequence) {
        memory.take(new Block(true, CHANNEL + '=' + EPOCH + '-' + sequence, "message", data(sequence)));
    }

    private static String data(int sequence) {
        return new Token(1, sequence, CHANNEL, 0, "").data(3);
    }
}
