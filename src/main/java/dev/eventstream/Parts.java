package dev.eventstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.presence.Presence;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.LogEnd;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The parts that the front door uses. Thread-safe. */
record Parts(
        ObjectMapper objectMapper,
        EventPublisher publisher,
        EventStore store,
        Permissions permissions,
        Function<ChannelName, Presence> presence) {

    /** The newest positions in the log of those channels that are stored, in their wire form. */
    String currentEventId(Function<Collection<ChannelName>, Map<ChannelName, LogEnd>> log, String... channels) {
        List<ChannelName> names = Arrays.stream(channels).map(ChannelName::new).toList();
        return LogEnd.start(log.apply(publisher.storedOf(names))).toString();
    }

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
