package dev.eventstream.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the judge of channels that are finished: the breaches that it must find, and those that it must not report. */
class JobsTest {
    private static final String JOB = Jobs.name(1, 1);
    private static final Position END = new Position("k3f9x2", 3);

    @TempDir
    Path directory;

    private Trace trace;
    private Findings findings;
    private Jobs jobs;

    @BeforeEach
    void begin() throws IOException {
        trace = new Trace(directory);
        findings = new Findings(trace);
        jobs = new Jobs(findings, new Permissions());
        jobs.begin(JOB);
    }

    @AfterEach
    void end() throws IOException {
        trace.close();
    }

    @Test
    void an_end_that_all_agree_about_is_fine() {
        jobs.mayFinish(JOB);
        jobs.finished(JOB);
        jobs.told("j1", JOB, END);
        jobs.refused(JOB);
        readEnd();
        assertThat(findings.isEmpty()).isTrue();
        assertThat(jobs.isFinished(JOB)).isTrue();
    }

    @Test
    void an_end_that_nobody_sent_is_a_phantom_for_a_reader() {
        jobs.told("j1", JOB, END);
        assertThat(findings.count(Breach.PHANTOM)).isEqualTo(1);
    }

    @Test
    void an_end_that_is_not_in_the_log_is_a_phantom_for_a_reader() {
        jobs.mayFinish(JOB);
        jobs.told("j1", JOB, END);
        jobs.beginReading();
        jobs.row(JOB, END, false);
        jobs.judge();
        assertThat(findings.count(Breach.PHANTOM)).isEqualTo(1);
    }

    @Test
    void an_end_that_was_rolled_back_must_not_be_in_the_log() {
        readEnd();
        assertThat(findings.count(Breach.PHANTOM)).isEqualTo(1);
    }

    @Test
    void an_end_that_a_writer_knows_must_be_in_the_log() {
        jobs.mayFinish(JOB);
        jobs.finished(JOB);
        jobs.beginReading();
        jobs.judge();
        assertThat(findings.count(Breach.LOST)).isEqualTo(1);
    }

    @Test
    void a_reader_who_is_told_the_end_too_early_has_lost_events() {
        jobs.mayFinish(JOB);
        jobs.told("j1", JOB, new Position(END.epoch(), END.sequence() - 1));
        readEnd();
        assertThat(findings.count(Breach.LOST)).isEqualTo(1);
    }

    @Test
    void an_event_after_the_end_is_a_phantom() {
        jobs.mayFinish(JOB);
        readEnd();
        jobs.logged(JOB, new Position(END.epoch(), END.sequence() + 1), false);
        assertThat(findings.count(Breach.PHANTOM)).isEqualTo(1);
    }

    @Test
    void the_end_in_another_log_is_not_compared() {
        jobs.mayFinish(JOB);
        readEnd();
        jobs.told("j1", JOB, new Position("another", 9));
        jobs.wiped(JOB);
        jobs.logged(JOB, new Position("another", 10), false);
        jobs.beginReading();
        jobs.judge();
        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void a_stream_is_overdue_only_after_the_end_is_known() {
        jobs.mayFinish(JOB);
        assertThat(jobs.overdueMillis(JOB, 0)).isZero();
        readEnd();
        assertThat(jobs.overdueMillis(JOB, System.currentTimeMillis() + 60_000)).isNegative();
        assertThat(jobs.overdueMillis(JOB, 0)).isBetween(0L, 60_000L);
    }

    private void readEnd() {
        jobs.beginReading();
        jobs.logged(JOB, END, true);
        jobs.row(JOB, END, true);
        jobs.judge();
    }
}
