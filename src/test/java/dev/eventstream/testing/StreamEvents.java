package dev.eventstream.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.LastEventId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads what the bundle's own events say. */
final class StreamEvents {
    /** The id of the event that ends a stream for good; it is no position. */
    private static final String ERROR_ID = "error";

    private static final ObjectMapper JSON = new ObjectMapper();

    private StreamEvents() {}

    /** The position after the event; empty if it has none. */
    static Optional<LastEventId> position(ReceivedEvent event) {
        String id = event.lastEventId();
        return id.isEmpty() || id.equals(ERROR_ID) ? Optional.empty() : Optional.of(LastEventId.parse(id));
    }

    /** The channels that a {@code stream-reset} names; none for any other event. */
    static Set<ChannelName> resets(ReceivedEvent event) {
        Set<ChannelName> channels = new HashSet<>();
        if (event.type().equals("stream-reset")) {
            json(event).path("channels").forEach(channel -> channels.add(new ChannelName(channel.textValue())));
        }
        return channels;
    }

    /** The condition of a {@code stream-error}, such as {@code forbidden}; empty for any other event. */
    static Optional<String> condition(ReceivedEvent event) {
        return event.type().equals("stream-error")
                ? Optional.of(json(event).path("condition").asText())
                : Optional.empty();
    }

    private static JsonNode json(ReceivedEvent event) {
        try {
            return JSON.readTree(event.data());
        } catch (JsonProcessingException e) {
            throw new AssertionError("a malformed event: " + event, e);
        }
    }
}
