package dev.eventstream.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.testing.StreamParser.Block;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Wire text in, events out. */
class StreamParserTest {

    private static List<Block> parse(String text) throws IOException {
        StreamParser parser =
                new StreamParser(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "before");
        List<Block> blocks = new ArrayList<>();
        for (Optional<Block> block = parser.next(); block.isPresent(); block = parser.next()) {
            blocks.add(block.get());
        }
        return blocks;
    }

    private static Block block(String type, String data, String lastEventId, boolean hasId) {
        return new Block(new ReceivedEvent(type, data, lastEventId), hasId);
    }

    @Test
    void fields_become_an_event() throws IOException {
        assertThat(parse("retry: 1\nid: a=x-1\nevent: ordered\ndata: {\"item\": \"tea \u2615\"}\n\n"))
                .containsExactly(block("ordered", "{\"item\": \"tea \u2615\"}", "a=x-1", true));
    }

    @Test
    void lines_of_data_are_joined_and_lose_one_space() throws IOException {
        assertThat(parse("data:  one\ndata\ndata:two\n\n"))
                .containsExactly(block("message", " one\n\ntwo", "before", false));
    }

    @Test
    void each_kind_of_line_break_counts_once() throws IOException {
        assertThat(parse("data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n"))
                .containsExactly(
                        block("message", "1", "before", false),
                        block("message", "2", "before", false),
                        block("message", "3", "before", false));
    }

    @Test
    void a_block_without_data_only_moves_the_position() throws IOException {
        assertThat(parse(": comment\nevent: x\nid: a=x-1\n\nother: field\ndata: 1\n\n"))
                .containsExactly(block("message", "1", "a=x-1", false));
    }

    @Test
    void an_unfinished_block_is_dropped() throws IOException {
        assertThat(parse("data: 1\n\ndata: 2\n")).containsExactly(block("message", "1", "before", false));
    }

    @Test
    void empty_data_is_an_event() throws IOException {
        assertThat(parse("event: keep-alive\ndata:\n\n")).containsExactly(block("keep-alive", "", "before", false));
    }
}
