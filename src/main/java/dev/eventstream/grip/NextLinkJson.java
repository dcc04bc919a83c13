package dev.eventstream.grip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.TypeFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a {@link NextLink} as JSON and reads it back; equal links are equal texts. Stateless, thread-safe. */
final class NextLinkJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private NextLinkJson() {}

    static String write(NextLink link) {
        ObjectNode node = JSON.createObjectNode();
        node.put("step", link.step().name().toLowerCase(Locale.ROOT));
        if (!link.until().equals(NextLink.NEVER)) {
            node.put("until", link.until().getEpochSecond());
        }
        if (link.user() != null) {
            node.put("user", link.user());
        }
        names(node.putArray("channels"), link.stored());
        names(node.putArray("unstored"), link.unstored());
        if (!link.types().isAll()) {
            ArrayNode types = node.putArray("types");
            link.types().sorted().forEach(types::add);
        }
        if (!link.position().isEmpty()) {
            ArrayNode positions = node.putArray("positions");
            link.stored()
                    .forEach(channel -> positions.add(
                            link.position().in(channel).orElse(EventId.NONE).toString()));
        }
        return node.toString();
    }

    private static void names(ArrayNode array, List<ChannelName> channels) {
        channels.forEach(channel -> array.add(channel.value()));
    }

    /**
     * Reads what {@link #write} wrote; the signature has been verified.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static NextLink read(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            JsonNode user = node.get("user");
            List<ChannelName> stored = channels(node.path("channels"));
            return new NextLink(
                    NextLink.Step.valueOf(node.path("step").asText().toUpperCase(Locale.ROOT)),
                    user == null ? null : user.asText(),
                    stored,
                    channels(node.path("unstored")),
                    types(node.path("types")),
                    position(stored, node.path("positions")),
                    Instant.ofEpochSecond(node.path("until").asLong(NextLink.NEVER.getEpochSecond())));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a link that we signed is not JSON", e);
        }
    }

    // in the order of the channels, so that their names, which may be long, are not repeated
    private static LastEventId position(List<ChannelName> channels, JsonNode positions) {
        Map<ChannelName, EventId> found = new HashMap<>();
        for (int i = 0; i < positions.size(); i++) {
            found.put(channels.get(i), EventId.parse(positions.get(i).asText()));
        }
        return LastEventId.of(found);
    }

    private static TypeFilter types(JsonNode names) {
        List<EventType> types = new ArrayList<>();
        names.forEach(name -> types.add(new EventType(name.asText())));
        return TypeFilter.of(types);
    }

    private static List<ChannelName> channels(JsonNode names) {
        List<ChannelName> channels = new ArrayList<>();
        names.forEach(name -> channels.add(new ChannelName(name.asText())));
        return channels;
    }
}
