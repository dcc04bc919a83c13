package dev.eventstream.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the judge: the breaches that it must find, and those that it must not report. */
class ReaderMemoryTest {
    private static final String EPOCH = "k3f9x2";

    @TempDir
    Path directory;

    private Trace trace;
    private Findings findings;
    private Truth truth;
    private final Permissions permissions = new Permissions();
    private ReaderMemory memory;

    @BeforeEach
    void begin() throws IOException {
        trace = new Trace(directory);
        findings = new Findings(trace);
        truth = new Truth(findings);
        memory = new ReaderMemory("r1", "u1", Set.of("a", "b", "unstored-0"), truth, findings, permissions, trace);
    }

    @AfterEach
    void end() throws IOException {
        trace.close();
    }

    @Test
    void a_contiguous_run_is_fine() throws IOException {
        log("a", 3);
        take(open("a=0-0,b=0-0"), event("a", 1), event("a", 2), event("a", 3));
        judge();
        assertThat(findings.isEmpty()).isTrue();
        assertThat(memory.composedId()).isEqualTo("a=" + EPOCH + "-3,b=0-0");
        assertThat(memory.shown()).isEqualTo(3);
    }

    @Test
    void a_repeat_on_the_wire_is_dropped() throws IOException {
        log("a", 2);
        take(open("a=0-0"), event("a", 1), event("a", 2), event("a", 1), event("a", 2));
        judge();
        assertThat(findings.isEmpty()).isTrue();
        assertThat(memory.shown()).isEqualTo(2);
    }

    @Test
    void a_repeat_after_a_client_that_drops_them_is_a_breach() throws IOException {
        memory = client();
        log("a", 3);
        take(open("a=0-0"), event("a", 1), event("a", 2), event("a", 1), event("a", 3));
        judge();
        assertOnly(Breach.REPEATED, 1);
    }

    @Test
    void an_event_after_a_later_one_is_out_of_order_for_a_client_too() throws IOException {
        memory = client();
        log("a", 2);
        take(open("a=0-0"), event("a", 2), event("a", 1));
        judge();
        assertOnly(Breach.REORDERED, 1);
    }

    @Test
    void a_reset_may_be_due_to_the_earlier_position_that_was_asked_for() throws IOException {
        memory = client();
        log("a", 3);
        truth.followed("a", EPOCH, 3, 1);
        take(open("a=0-0"), event("a", 1), event("a", 2));
        memory.asksFrom("a=" + EPOCH + "-0");
        take(reset("a", "a=" + EPOCH + "-3"));
        judge();
        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void a_reset_moves_a_channel_that_it_does_not_name_only_forward() throws IOException {
        memory = client();
        log("b", 2);
        truth.wiped("a", EPOCH);
        take(open("a=" + EPOCH + "-1,b=0-0"), event("b", 1), event("b", 2));
        memory.asksFrom("a=" + EPOCH + "-1,b=" + EPOCH + "-1");
        take(reset("a", "a=0-0,b=" + EPOCH + "-1"));
        judge();
        assertThat(findings.isEmpty()).isTrue();
        assertThat(memory.composedId()).isEqualTo("a=0-0,b=" + EPOCH + "-2");
    }

    @Test
    void an_event_that_is_left_out_is_lost() throws IOException {
        log("a", 3);
        take(open("a=0-0"), event("a", 1), event("a", 3));
        judge();
        assertOnly(Breach.LOST, 1);
    }

    @Test
    void an_event_that_skips_the_user_may_be_left_out() throws IOException {
        truth.logged("a", new Position(EPOCH, 1), data("a", 1, ""));
        truth.logged("a", new Position(EPOCH, 2), data("a", 2, "u1"));
        truth.logged("a", new Position(EPOCH, 3), data("a", 3, ""));
        truth.followed("a", EPOCH, 3, 0);
        take(open("a=0-0"), event("a", 1), "id: a=" + EPOCH + "-2\n\n", event("a", 3));
        judge();
        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void an_event_that_skips_the_user_must_not_be_shown() throws IOException {
        take(open("a=0-0"), "id: a=" + EPOCH + "-1\ndata: " + data("a", 1, "u1") + "\n\n");
        assertOnly(Breach.LEAKED, 1);
    }

    @Test
    void an_event_of_another_channel_must_not_be_shown() throws IOException {
        take(open("a=0-0"), event("c", 1));
        assertOnly(Breach.LEAKED, 1);
    }

    @Test
    void an_event_that_was_sent_after_a_revocation_must_not_be_shown() throws IOException {
        permissions.revoke("u1", "a");
        permissions.known("u1", "a", 1_000);
        long bound = Permissions.BOUND.toMillis();
        assertThat(permissions.mayShow("u1", new Token(1, 1, "a", 1_000 + bound, "")))
                .isTrue();
        assertThat(permissions.mayShow("u1", new Token(1, 1, "a", 1_001 + bound, "")))
                .isFalse();
        assertThat(permissions.mayShow("u2", new Token(1, 1, "a", 1_001 + bound, "")))
                .isTrue();
        permissions.grant("u1", "a");
        assertThat(permissions.mayShow("u1", new Token(1, 1, "a", 1_001 + bound, "")))
                .isTrue();
        assertThat(permissions.mayShow("u1", new Token(1, 1, "secret-0", 0, "")))
                .isFalse();
        assertThat(permissions.mayShow("", new Token(1, 1, "members-0", 0, ""))).isFalse();
    }

    @Test
    void an_event_after_a_later_one_is_out_of_order() throws IOException {
        log("a", 3);
        take(open("a=0-0"), event("a", 2), event("a", 1), event("a", 3));
        judge();
        assertOnly(Breach.REORDERED, 1);
    }

    @Test
    void an_id_with_another_event_is_a_phantom() throws IOException {
        log("a", 1);
        take(open("a=0-0"), "id: a=" + EPOCH + "-1\ndata: " + data("a", 7, "") + "\n\n");
        judge();
        assertOnly(Breach.PHANTOM, 1);
    }

    @Test
    void an_event_that_is_in_no_log_is_a_phantom() throws IOException {
        log("a", 1);
        take(open("a=0-0"), event("a", 1), event("a", 2));
        judge();
        assertOnly(Breach.PHANTOM, 1);
    }

    @Test
    void an_event_that_was_rolled_back_must_not_be_in_the_log() {
        truth.rolledBack(new Token(1, 1, "a", 0, ""));
        log("a", 1);
        assertOnly(Breach.PHANTOM, 1);
    }

    @Test
    void an_event_that_a_writer_knows_as_committed_must_be_in_the_log() {
        truth.committed("a", new Position(EPOCH, 2), new Token(1, 2, "a", 0, ""), data("a", 2, ""));
        log("a", 1);
        judge();
        assertOnly(Breach.LOST, 1);
    }

    @Test
    void an_event_must_not_be_in_the_log_twice() {
        log("a", 1);
        truth.logged("a", new Position(EPOCH, 2), data("a", 1, ""));
        assertOnly(Breach.REPEATED, 1);
    }

    @Test
    void an_id_that_is_used_twice_is_a_phantom() {
        log("a", 1);
        truth.logged("a", new Position(EPOCH, 1), data("a", 2, ""));
        assertOnly(Breach.PHANTOM, 1);
    }

    @Test
    void a_reset_covers_what_was_trimmed() throws IOException {
        log("a", 9);
        take(open("a=0-0"), event("a", 1), event("a", 2), reset("a", "a=" + EPOCH + "-9"));
        truth.followed("a", EPOCH, 9, 5);
        truth.beginReading();
        judge();
        assertThat(findings.isEmpty()).isTrue();
        assertThat(memory.resets()).isEqualTo(1);
    }

    @Test
    void a_reset_of_the_beginning_covers_what_was_trimmed_even_if_the_log_is_wiped_before_it_arrives()
            throws IOException {
        log("a", 3);
        truth.followed("a", EPOCH, 3, 2);
        truth.wiped("a", EPOCH);
        take(open("a=0-0"), reset("a", "a=" + EPOCH + "-3"));
        judge();
        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void a_reset_of_the_beginning_of_a_log_that_has_one_is_a_loss() throws IOException {
        log("a", 3);
        take(open("a=0-0"), reset("a", "a=" + EPOCH + "-3"));
        judge();
        assertOnly(Breach.LOST, 1);
    }

    @Test
    void a_reset_of_a_place_that_was_there_is_a_loss() throws IOException {
        log("a", 9);
        take(open("a=0-0"), event("a", 1), event("a", 2), reset("a", "a=" + EPOCH + "-9"));
        truth.followed("a", EPOCH, 9, 2);
        truth.beginReading();
        judge();
        assertOnly(Breach.LOST, 1);
    }

    @Test
    void a_reset_of_another_channel_covers_nothing() throws IOException {
        log("a", 9);
        take(open("a=0-0,b=0-0"), event("a", 1), reset("b", "a=" + EPOCH + "-9,b=0-0"));
        truth.wiped("b", "0");
        judge();
        assertThat(findings.count(Breach.LOST)).isGreaterThanOrEqualTo(8);
    }

    @Test
    void another_log_without_a_reset_is_a_loss() throws IOException {
        take(open("a=" + EPOCH + "-4"), "id: a=new-5\ndata: " + data("a", 5, "") + "\n\n");
        assertOnly(Breach.LOST, 1);
    }

    @Test
    void events_of_a_lost_log_that_come_late_are_dropped() throws IOException {
        log("a", 3);
        truth.wiped("a", EPOCH);
        take(open("a=0-0"), event("a", 1), event("a", 2), reset("a", "a=0-0"), event("a", 1), event("a", 3));
        judge();
        assertThat(findings.isEmpty()).isTrue();
        assertThat(memory.shown()).isEqualTo(2);
    }

    @Test
    void a_reset_that_goes_back_makes_a_handler_see_an_event_twice() throws IOException {
        log("a", 2);
        take(open("a=0-0"), event("a", 1), event("a", 2), reset("a", "a=" + EPOCH + "-1"), event("a", 2));
        assertOnly(Breach.REPEATED, 1);
    }

    @Test
    void an_unstored_event_must_not_come_twice_on_one_connection() throws IOException {
        String block = "data: " + data("unstored-0", 1, "") + "\n\n";
        take(open("a=0-0"), block, open("a=0-0"), block);
        assertOnly(Breach.REPEATED, 0);
        take(block);
        assertOnly(Breach.REPEATED, 1);
    }

    @Test
    void rests_are_the_events_that_a_reader_has_yet_to_receive() throws IOException {
        log("a", 3);
        take(open("a=0-0"), event("a", 1));
        List<Gap> rests = memory.rests();
        assertThat(rests).hasSize(1);
        assertThat(rests.get(0)).hasToString("reader=r1 user=u1 channel=a from=k3f9x2-2 to=k3f9x2-3");
        truth.judgeAll(rests);
        assertOnly(Breach.LOST, 2);
    }

    private void log(String channel, int events) {
        for (int i = 1; i <= events; i++) {
            truth.logged(channel, new Position(EPOCH, i), data(channel, i, ""));
        }
        truth.followed(channel, EPOCH, events, 0);
    }

    private void judge() {
        truth.judge();
        truth.judgeAll(List.of());
    }

    private void assertOnly(Breach breach, long count) {
        for (Breach other : Breach.values()) {
            assertThat(findings.count(other)).as(other.label()).isEqualTo(other == breach ? count : 0);
        }
    }

    private void take(String... blocks) throws IOException {
        StreamParser parser = new StreamParser(
                new ByteArrayInputStream(String.join("", blocks).getBytes(StandardCharsets.UTF_8)));
        for (Optional<StreamParser.Block> block = parser.next(); block.isPresent(); block = parser.next()) {
            memory.take(block.get());
        }
    }

    private static String data(String channel, int serial, String skip) {
        return new Token(1, serial, channel, 0, skip).data(3);
    }

    private static String event(String channel, int sequence) {
        return "id: " + channel + '=' + EPOCH + '-' + sequence + "\nevent: message\ndata: "
                + data(channel, sequence, "") + "\n\n";
    }

    private static String open(String id) {
        return "retry: 100\nid: " + id + "\nevent: stream-open\ndata: {}\n\n";
    }

    /** The memory of a reader with the browser client. */
    private ReaderMemory client() {
        return new ReaderMemory("b1", "u1", false, true, Set.of("a", "b"), truth, findings, permissions, trace);
    }

    private static String reset(String channel, String id) {
        return "id: " + id + "\nevent: stream-reset\ndata: {\"channels\":[\"" + channel + "\"]}\n\n";
    }
}
