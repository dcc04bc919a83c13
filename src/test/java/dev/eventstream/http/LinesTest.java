package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
    private final List<String> seen = new ArrayList<>();
    private final Lines lines = new Lines(5);
    private final Lines.Sink sink = new Lines.Sink() {
        @Override
        public void line(byte[] bytes, int from, int length) {
            seen.add(new String(bytes, from, length, StandardCharsets.UTF_8));
        }

        @Override
        public void lineTooLong(int maxBytes) {
            seen.add("more than " + maxBytes);
        }
    };

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // a reader's array is longer than what was read
        lines.add(Arrays.copyOf(bytes, bytes.length + 3), bytes.length, sink);
    }

    @Test
    void lines_end_with_lf_and_keep_everything_else() {
        add("a\r\n\n b\nc");
        assertThat(seen).containsExactly("a\r", "", " b");

        add("d\n");
        assertThat(seen).containsExactly("a\r", "", " b", "cd");
    }

    @Test
    void the_last_line_needs_no_lf() {
        add("a\nb");
        lines.end(sink);
        lines.end(sink);

        assertThat(seen).containsExactly("a", "b");
    }

    @Test
    void a_line_may_have_the_allowed_length_and_no_more() {
        add("12345\n123456\n12");
        add("345\n12");
        add("3456\nnext\n1234");
        add("56");
        add("789");
        lines.end(sink);

        assertThat(seen).containsExactly("12345", "more than 5", "12345", "more than 5", "next", "more than 5");
    }

    @Test
    void how_the_bytes_are_divided_makes_no_difference() {
        Random random = new Random(7);
        for (int round = 0; round < 1_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append("\n\nab\u00e9".charAt(random.nextInt(5)));
            }
            add(text.toString());
            lines.end(sink);
            List<String> whole = List.copyOf(seen);
            seen.clear();
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < bytes.length; ) {
                int to = from + 1 + random.nextInt(bytes.length - from);
                byte[] part = Arrays.copyOfRange(bytes, from, to);
                lines.add(part, part.length, sink);
                from = to;
            }
            lines.end(sink);

            assertThat(seen).as(text.toString()).isEqualTo(whole);
            seen.clear();
        }
    }
}
