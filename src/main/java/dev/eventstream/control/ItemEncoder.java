package dev.eventstream.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.google.common.primitives.Bytes;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;
import dev.eventstream.grip.ContentFilter;
import dev.eventstream.grip.GripNames;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Encodes events, repairs and kicks as items in GRIP's publishing format.
 *
 * <p>The content of an event is {@code id: %I} and its body. The proxy's filter {@code build-id} replaces {@code %I} by each
 * reader's positions in all of its channels; every other {@code %} is therefore doubled.
 *
 * <p>Thread-safe.
 */
final class ItemEncoder {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] ID_LINE = "id: %I\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_LINE = {};

    private static final String SKIP_USERS = "skip_users";
    private static final String REQUIRE_SUB = "require_sub";

    /** In logs, for an item that concerns all channels. */
    private static final ChannelName ALL = new ChannelName("*");

    private final UniqueIds ids;
    private final boolean namesTypes;

    /**
     * @param namesTypes whether each event names its type, which streams that show only some types require
     */
    ItemEncoder(UniqueIds ids, boolean namesTypes) {
        this.ids = ids;
        this.namesTypes = namesTypes;
    }

    /** Encodes an event, chained to its predecessor if it is stored. */
    ProxyItem event(Event event) {
        return event.isEnd() ? end(event) : shown(event);
    }

    /**
     * Encodes the end of a channel: a hint with an id. For each stream that has all events before it, the proxy asks the origin at once,
     * which knows whether other channels of the stream continue. For a stream that lacks an event, the proxy asks for that event.
     */
    private static ProxyItem end(Event event) {
        return item(
                ProxyItem.Kind.STORED,
                event.channel(),
                GripNames.events(event.channel()),
                event.id().toString(),
                json -> {
                    json.writeStringField("prev-id", event.previous().toString());
                    writeAction(json, "hint");
                });
    }

    private ProxyItem shown(Event event) {
        boolean isStored = event.isStored();
        // an unstored event has an id, too: without it, a proxy that gets the event twice would deliver it twice
        String id = isStored ? event.id().toString() : ids.next();
        byte[] content = content(isStored ? ID_LINE : NO_LINE, EventStreamEncoder.body(event));
        return item(
                isStored ? ProxyItem.Kind.STORED : ProxyItem.Kind.UNSTORED,
                event.channel(),
                GripNames.events(event.channel()),
                id,
                json -> {
                    if (isStored) {
                        json.writeStringField("prev-id", event.previous().toString());
                    }
                    writeContent(json, content, true);
                    writeMeta(json, meta(event));
                });
    }

    /**
     * Encodes a hint, which makes every stream of a stored channel ask the origin for what it missed, about 0.1 s after it arrives.
     *
     * <p>An item without id breaks the chain of every stream that follows the channel by {@code prev-id} (Pushpin's
     * src/handler/httpsession.cpp); the action {@code hint} has the same effect on a stream that does not, and contains nothing
     * that a client could see.
     */
    ProxyItem hint(ChannelName channel) {
        return item(ProxyItem.Kind.HINT, channel, GripNames.events(channel), "", json -> writeAction(json, "hint"));
    }

    /** Encodes a reset, which tells the readers of an unstored channel that events are lost. */
    ProxyItem reset(ChannelName channel) {
        byte[] frame = EventStreamEncoder.encode(new StreamFrame.Reset(List.of(channel), LastEventId.EMPTY));
        byte[] content = content(NO_LINE, frame);
        return item(
                ProxyItem.Kind.RESET,
                channel,
                GripNames.events(channel),
                ids.next(),
                json -> writeContent(json, content, true));
    }

    /**
     * Encodes a kick, which sends the frame to streams of one user, or of anonymous readers, and ends them. The second item is
     * chained to the first, so no proxy ends a stream before it has sent the frame.
     *
     * @param user null for anonymous readers
     * @param channel kicks only the streams that have it; null for all
     */
    List<ProxyItem> kick(@Nullable String user, @Nullable ChannelName channel, byte[] farewellFrame) {
        String topic = GripNames.readerChannel(user);
        ChannelName source = channel == null ? ALL : channel;
        String first = ids.next();
        return List.of(
                item(ProxyItem.Kind.KICK, source, topic, first, json -> {
                    writeContent(json, farewellFrame, false);
                    writeOnly(json, channel);
                }),
                item(ProxyItem.Kind.KICK, source, topic, ids.next(), json -> {
                    json.writeStringField("prev-id", first);
                    writeAction(json, "close");
                    writeOnly(json, channel);
                }));
    }

    /** Encodes an item that makes the proxy ask the origin whether, and how, each stream of a channel continues. */
    List<ProxyItem> question(ChannelName channel) {
        return List.of(
                item(ProxyItem.Kind.KICK, channel, GripNames.events(channel), "", json -> writeAction(json, "hint")));
    }

    private static void writeOnly(JsonGenerator json, @Nullable ChannelName channel) throws IOException {
        if (channel != null) {
            writeMeta(json, Map.of(REQUIRE_SUB, GripNames.events(channel)));
        }
    }

    private static ProxyItem item(ProxyItem.Kind kind, ChannelName source, String topic, String id, Fields remaining) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder();
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("channel", topic);
            if (!id.isEmpty()) {
                json.writeStringField("id", id);
            }
            remaining.write(json);
            json.writeEndObject();
            json.flush();
            return new ProxyItem(kind, source, topic, id, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
    }

    private static void writeContent(JsonGenerator json, byte[] content, boolean isBuilt) throws IOException {
        startFormat(json);
        json.writeFieldName("content");
        json.writeUTF8String(content, 0, content.length);
        if (isBuilt) {
            json.writeArrayFieldStart("content-filters");
            json.writeString("build-id");
            json.writeEndArray();
        }
        endFormat(json);
    }

    private static void writeAction(JsonGenerator json, String action) throws IOException {
        startFormat(json);
        json.writeStringField("action", action);
        endFormat(json);
    }

    private static void startFormat(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("formats");
        json.writeObjectFieldStart("http-stream");
    }

    private static void endFormat(JsonGenerator json) throws IOException {
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeMeta(JsonGenerator json, Map<String, String> meta) throws IOException {
        if (!meta.isEmpty()) {
            json.writeObjectFieldStart("meta");
            for (Map.Entry<String, String> entry : meta.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        }
    }

    private Map<String, String> meta(Event event) {
        if (event.skipUsers().isEmpty() && !namesTypes) {
            return Map.of();
        }
        Map<String, String> meta = new TreeMap<>();
        if (!event.skipUsers().isEmpty()) {
            meta.put(SKIP_USERS, skipUsers(event));
        }
        if (namesTypes) {
            meta.put(REQUIRE_SUB, GripNames.type(event.type()));
        }
        return meta;
    }

    private static String skipUsers(Event event) {
        return event.skipUsers().stream().sorted().map(GripNames::user).collect(Collectors.joining(", "));
    }

    private static byte[] content(byte[] idLine, byte[] text) {
        return Bytes.concat(idLine, ContentFilter.escape(text));
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }
}
