package dev.eventstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.EventStore;

/** The parts that the front door uses. Thread-safe. */
record Parts(ObjectMapper objectMapper, EventPublisher publisher, EventStore store, Permissions permissions) {

    /** Encodes data with the application's ObjectMapper; see {@link EventStream#newEvent}. */
    NewEvent newEvent(String channel, String type, Object data) {
        try {
            return NewEvent.text(channel, type, objectMapper.writeValueAsString(data));
        } catch (JsonProcessingException e) {
            e.clearLocation();
            throw new IllegalArgumentException(
                    "data of type " + data.getClass().getName() + " cannot be written as JSON by the ObjectMapper", e);
        }
    }
}
