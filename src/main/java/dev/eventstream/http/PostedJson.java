package dev.eventstream.http;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/**
 * The JSON of posted events and of the answers. An event is {@code {"channel","type","data"}}; {@code data} is any JSON, and
 * {@code text} instead of it is sent unchanged. {@code type} defaults to {@code message}. {@code skipUsers} (an array) and
 * {@code idempotencyKey} are optional.
 *
 * <p>Stateless, thread-safe.
 */
final class PostedJson {
    private static final List<String> FIELDS =
            List.of("channel", "data", "idempotencyKey", "skipUsers", "text", "type");

    // numbers keep every digit; duplicate fields and trailing text are errors
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private PostedJson() {}

    /**
     * Parses UTF-8.
     *
     * @throws JsonProcessingException if it is not valid JSON; the message may quote it
     */
    static JsonNode parse(byte[] bytes, int from, int length) throws IOException {
        try {
            return JSON.readTree(bytes, from, length);
        } catch (IllegalArgumentException e) {
            // Jackson throws this for a number whose exponent is out of range; the message quotes the number
            throw new JsonParseException(null, "a number that cannot be read", e);
        }
    }

    /**
     * The event that the JSON describes.
     *
     * @param where the beginning of the message of an exception
     * @throws IllegalArgumentException if it does not describe an event
     */
    static NewEvent event(JsonNode node, String where) {
        try {
            checkFields(node);
            String data = node.has("text") ? field(node, "text") : JSON.writeValueAsString(node.get("data"));
            NewEvent event =
                    NewEvent.text(field(node, "channel"), node.has("type") ? field(node, "type") : "message", data);
            for (JsonNode user : node.path("skipUsers")) {
                event = event.skippingUser(string(user, "every entry of skipUsers"));
            }
            return node.has("idempotencyKey") ? event.withIdempotencyKey(field(node, "idempotencyKey")) : event;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(where + "data cannot be written", e);
        }
    }

    private static void checkFields(JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("an event must be an object with channel, type and data");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!FIELDS.contains(names.next())) {
                throw new IllegalArgumentException(
                        "an event has an unknown field; allowed are " + String.join(", ", FIELDS));
            }
        }
        if (node.has("data") == node.has("text")) {
            throw new IllegalArgumentException("an event needs either data (any JSON) or text");
        }
        if (node.has("skipUsers") && !node.get("skipUsers").isArray()) {
            throw new IllegalArgumentException("skipUsers must be an array of user names");
        }
    }

    private static String field(JsonNode node, String name) {
        return string(node.path(name), name);
    }

    private static String string(JsonNode value, String name) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + " must be a string");
        }
        return value.textValue();
    }

    // ---- answers

    /** {@code {"id"}}, null if the event is not stored. */
    static ObjectNode id(Event event) {
        ObjectNode node = JSON.createObjectNode();
        return event.isStored() ? node.put("id", event.id().toString()) : node.putNull("id");
    }

    /** The ids of several events. */
    static ArrayNode ids(List<Event> events) {
        ArrayNode ids = JSON.createArrayNode();
        events.forEach(event -> ids.add(id(event)));
        return ids;
    }

    /** An object with one text. */
    static ObjectNode object(String field, String text) {
        return JSON.createObjectNode().put(field, text);
    }
}
