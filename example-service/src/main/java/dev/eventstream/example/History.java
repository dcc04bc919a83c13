package dev.eventstream.example;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The messages that a page shows first. Immutable.
 *
 * @param messages the newest first
 * @param lastEventId a stream that starts here delivers every message that is not among these, and perhaps some of these again
 */
public record History(
        List<Message> messages,
        @JsonProperty("last-event-id") String lastEventId) {
    public History {
        messages = List.copyOf(messages);
    }
}
