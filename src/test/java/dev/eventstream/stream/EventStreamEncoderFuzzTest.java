package dev.eventstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.StreamFrame.Condition;
import dev.eventstream.stream.StreamFrame.StreamError;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.provider.CsvSource;

/** Round trips through a reader that shares nothing with the encoder. */
class EventStreamEncoderFuzzTest {
    private static final EventId ID = EventId.parse("k3f9x2-41");

    @CsvSource({
        "orders, message, 'a\nb\r\nc\rd'",
        "'größe, 1=2:3', ' ä: b', ' \n:\n\uFEFF\u2028'",
        "'%\n', keep-alive, ''"
    })
    @FuzzTest
    void an_event_survives_except_for_the_kind_of_its_line_ends(
            @NotNull String channel, @NotNull String type, @NotNull String data) throws IOException {
        Optional<NewEvent> event = event(channel, type, data);
        if (event.isEmpty()) {
            return;
        }
        LastEventId position = LastEventId.EMPTY.with(event.get().channel(), ID);
        WireReader reader = WireReader.of(new Message(Event.stored(event.get(), ID), position).bytes());
        assertThat(reader.next()).contains(new WireEvent(position.toString(), type, data.replaceAll("\r\n|\r", "\n")));
        reader.assertNothingLeft();
        assertThat(LastEventId.parse(reader.lastEventId())).isEqualTo(position);
    }

    @CsvSource({"'no \"entry\"\nhere', orders", "'\r\ndata: x\n\n', 'größe, 1'"})
    @FuzzTest
    void a_failure_stays_one_event_whatever_its_text_is(@NotNull String text, @NotNull String channel)
            throws IOException {
        Optional<NewEvent> event = event(channel, "message", text);
        if (event.isEmpty()) {
            return;
        }
        ChannelName name = event.get().channel();
        WireReader reader =
                WireReader.of(EventStreamEncoder.encode(new StreamError(Condition.FORBIDDEN, text, List.of(name))));
        WireEvent read = reader.next().orElseThrow();
        JsonNode said = new ObjectMapper().readTree(read.data());
        assertThat(said.path("text").textValue()).isEqualTo(text);
        assertThat(said.path("channels").path(0).textValue()).isEqualTo(channel);
        reader.assertNothingLeft();
    }

    private static Optional<NewEvent> event(String channel, String type, String data) {
        try {
            return Optional.of(NewEvent.text(channel, type, data));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
