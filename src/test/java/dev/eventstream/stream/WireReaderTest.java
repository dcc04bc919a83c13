package dev.eventstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks the reader that other tests rely on against the examples and rules of the HTML standard, 9.2.5 and 9.2.6. */
class WireReaderTest {

    @Test
    void reads_the_standard_s_first_example() throws IOException {
        assertThat(read("""
                data: YHOO
                data: +2
                data: 10

                """)).containsExactly(new WireEvent("", "message", "YHOO\n+2\n10"));
    }

    @Test
    void reads_the_standard_s_second_example() throws IOException {
        WireReader reader = reader("""
                : test stream

                data: first event
                id: 1

                data:second event
                id

                data:  third event

                """);
        assertThat(reader.rest())
                .containsExactly(
                        new WireEvent("1", "message", "first event"),
                        new WireEvent("", "message", "second event"),
                        new WireEvent("", "message", " third event"));
        assertThat(reader.comments()).containsExactly(" test stream");
        reader.assertNothingLeft();
    }

    @Test
    void reads_the_standard_s_third_example() throws IOException {
        assertThat(read("data\n\ndata\ndata\n\ndata:"))
                .containsExactly(new WireEvent("", "message", ""), new WireEvent("", "message", "\n"));
    }

    @Test
    void reads_the_standard_s_fourth_example() throws IOException {
        assertThat(read("data:test\n\ndata: test\n\n"))
                .containsExactly(new WireEvent("", "message", "test"), new WireEvent("", "message", "test"));
    }

    @Test
    void a_line_ends_with_lf_cr_or_both() throws IOException {
        assertThat(read("data: a\r\ndata: b\rdata: c\ndata: d\n\r\ndata: e\r\r\n\r\n"))
                .containsExactly(new WireEvent("", "message", "a\nb\nc\nd"), new WireEvent("", "message", "e"));
        assertNothingFollowsTheFirst("data: a\r\n\r\n");
        assertNothingFollowsTheFirst("data: a\r\r");
    }

    @Test
    void only_a_first_byte_order_mark_is_dropped() throws IOException {
        assertThat(read("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly(new WireEvent("", "message", "a"));
    }

    @Test
    void an_id_stays_until_another_comes_and_one_with_nul_is_ignored() throws IOException {
        WireReader reader = reader("id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid: 3\n\n");
        assertThat(reader.rest()).extracting(WireEvent::id).containsExactly("1", "1", "1");
        assertThat(reader.lastEventId()).isEqualTo("3");
    }

    @Test
    void an_id_in_an_unfinished_block_does_not_count() throws IOException {
        WireReader reader = reader("id: 1\ndata: a\n\nid: 2\n");
        reader.rest();
        assertThat(reader.lastEventId()).isEqualTo("1");
    }

    @Test
    void retry_has_digits_only() throws IOException {
        WireReader reader = reader("retry: 10\nretry: 1x\nretry: -1\nretry:\ndata: a\n\ndata: b\n\n");
        assertThat(reader.rest())
                .containsExactly(new WireEvent("", "message", "a", 10), new WireEvent("", "message", "b"));
        assertThat(reader.reconnectionTime()).hasValue(10);
    }

    @Test
    void a_type_is_forgotten_with_its_block_even_if_that_had_no_data() throws IOException {
        assertThat(read("event: a\n\ndata: b\n\nevent: c\ndata: d\n\ndata: e\n\n"))
                .containsExactly(
                        new WireEvent("", "message", "b"),
                        new WireEvent("", "c", "d"),
                        new WireEvent("", "message", "e"));
    }

    @Test
    void unknown_fields_are_ignored_and_names_are_exact() throws IOException {
        assertThat(read("Data: a\n data: b\nfoo: c\ndata : d\ndata: e\n\n"))
                .containsExactly(new WireEvent("", "message", "e"));
    }

    @Test
    void it_reads_no_further_than_the_event_it_gives_back() throws IOException {
        PipedOutputStream out = new PipedOutputStream();
        try (WireReader reader = new WireReader(new PipedInputStream(out))) {
            out.write("data: a\r\r".getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertThat(reader.next()).contains(new WireEvent("", "message", "a"));
            assertThat(reader.rawText()).isEqualTo("data: a\r\r");
            out.write("\ndata: b\n\n".getBytes(StandardCharsets.UTF_8));
            out.close();
            assertThat(reader.next()).contains(new WireEvent("", "message", "b"));
            reader.assertNothingLeft();
        }
    }

    @Test
    void leftovers_are_found() {
        for (String left : List.of("data: b\n\n", "data: b\n", "data: b", "d", ":", ": comment", "id: 1", "\0")) {
            assertThatThrownBy(() -> assertNothingFollowsTheFirst("data: a\n\n" + left))
                    .as(left)
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void a_comment_between_blocks_is_not_left_over_once_a_blank_line_ends_it() throws IOException {
        assertNothingFollowsTheFirst("data: a\n\n: still here\n\n");
    }

    @Test
    void broken_utf_8_becomes_replacement_characters() throws IOException {
        WireReader reader = WireReader.of(new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xC3, '\n', '\n'});
        assertThat(reader.rest()).containsExactly(new WireEvent("", "message", "\uFFFD"));
    }

    private static void assertNothingFollowsTheFirst(String stream) throws IOException {
        WireReader reader = reader(stream);
        assertThat(reader.next()).isPresent();
        reader.assertNothingLeft();
    }

    private static List<WireEvent> read(String stream) throws IOException {
        return reader(stream).rest();
    }

    private static WireReader reader(String stream) {
        return WireReader.of(stream.getBytes(StandardCharsets.UTF_8));
    }
}
