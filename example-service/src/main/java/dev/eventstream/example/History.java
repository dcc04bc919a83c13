package dev.eventstream.example;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a page shows first. Immutable.
 *
 * @param messages the newest first
 * @param lastEventId a stream that starts here brings every message that is not among these; at worst one of these again
 */
public record History(
        List<Message> messages,
        @JsonProperty("last-event-id") String lastEventId) {
    public History {
        messages = List.copyOf(messages);
    }
}
