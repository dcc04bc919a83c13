package dev.eventstream.bus;

import dev.eventstream.bus.BusMessage.AccessChanged;
import dev.eventstream.bus.BusMessage.Alive;
import dev.eventstream.bus.BusMessage.Dropped;
import dev.eventstream.bus.BusMessage.Moved;
import dev.eventstream.bus.BusMessage.Present;
import dev.eventstream.bus.BusMessage.Unstored;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes what {@link MessageWriter} has encoded, and joins parts. It skips the messages that this node has sent itself, and kinds
 * of messages that it does not know.
 *
 * <p>A bus may also carry messages of other programs, so every length and count is checked before memory is reserved.
 *
 * <p>Confined to one thread.
 */
final class MessageReader {
    private final long self;
    private final MessageParts parts = new MessageParts();

    /**
     * @param self the id of this node, whose own messages are skipped, except {@link Alive}
     */
    MessageReader(long self) {
        this.self = self;
    }

    /**
     * The messages, without those of this node and without incomplete ones.
     *
     * @throws IllegalArgumentException if the bytes are not messages of this version
     */
    List<BusMessage> read(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte version = in.get();
            if (version != MessageWriter.VERSION) {
                throw new IllegalArgumentException("its version is " + version + "; this node reads version "
                        + MessageWriter.VERSION + ". Do the nodes run different versions of the bundle, or does another"
                        + " application use the same bus?");
            }
            long node = in.getLong();
            List<BusMessage> messages = new ArrayList<>();
            do {
                entry(node, in).ifPresent(messages::add);
            } while (in.hasRemaining());
            return messages;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends too early, after " + bytes.length + " bytes", e);
        }
    }

    private Optional<BusMessage> entry(long node, ByteBuffer in) {
        byte kind = in.get();
        ByteBuffer body = slice(in);
        boolean isUnknown = kind < MessageWriter.MOVED || kind > MessageWriter.LAST_KIND; // of a later version
        if (isUnknown || (node == self && kind != MessageWriter.ALIVE)) {
            return Optional.empty();
        }
        if (kind == MessageWriter.PART) {
            return joined(node, body);
        }
        BusMessage message = message(node, kind, body);
        if (body.hasRemaining()) {
            throw new IllegalArgumentException(
                    "an entry of kind " + kind + " has " + body.remaining() + " bytes too many");
        }
        return Optional.of(message);
    }

    private Optional<BusMessage> joined(long node, ByteBuffer in) {
        long number = in.getLong();
        int index = in.getInt();
        int count = in.getInt();
        byte[] part = new byte[in.remaining()];
        in.get(part);
        return parts.add(node, number, index, count, part).flatMap(whole -> whole(node, whole));
    }

    private Optional<BusMessage> whole(long node, byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == MessageWriter.PART) { // a chain of those could overflow the stack
            throw new IllegalArgumentException("a part contains parts");
        }
        return entry(node, ByteBuffer.wrap(bytes));
    }

    private static BusMessage message(long node, byte kind, ByteBuffer in) {
        return switch (kind) {
            case MessageWriter.MOVED -> moved(in);
            case MessageWriter.UNSTORED -> new Unstored(event(in));
            case MessageWriter.PERMISSION_CHANGED -> new AccessChanged(new AccessChange.OfUser(text(in), channel(in)));
            case MessageWriter.CHANNEL_PERMISSION_CHANGED -> new AccessChanged(new AccessChange.OfChannel(channel(in)));
            case MessageWriter.DISCONNECTED -> new AccessChanged(new AccessChange.Disconnected(text(in), text(in)));
            case MessageWriter.DROPPED -> new Dropped();
            case MessageWriter.PRESENT -> new Present(node, rest(in));
            case MessageWriter.ALIVE -> new Alive(nodeInfo(node, in), in.getLong());
            default ->
                throw new IllegalArgumentException("an entry has the kind " + kind + ", which cannot be read here");
        };
    }

    private static ByteBuffer rest(ByteBuffer in) {
        ByteBuffer rest = in.slice();
        in.position(in.limit());
        return rest;
    }

    private static Moved moved(ByteBuffer in) {
        Map<ChannelName, EventId> newest = new HashMap<>();
        while (in.hasRemaining()) {
            newest.put(channel(in), new EventId(text(in), in.getLong()));
        }
        return new Moved(newest);
    }

    private static NodeInfo nodeInfo(long node, ByteBuffer in) {
        String name = text(in);
        String version = text(in);
        Instant started = Instant.ofEpochMilli(in.getLong());
        int streams = in.getInt();
        Duration lag = Duration.ofMillis(in.getLong());
        Map<String, String> settings = new HashMap<>();
        for (int left = in.getInt(); left > 0; left--) {
            settings.put(text(in), text(in));
        }
        return new NodeInfo(node, name, version, started, streams, lag, settings);
    }

    private static Event event(ByteBuffer in) {
        ChannelName channel = channel(in);
        EventType type = new EventType(text(in));
        String data = text(in);
        Set<String> skipUsers = new HashSet<>();
        for (int left = in.getInt(); left > 0; left--) {
            skipUsers.add(text(in));
        }
        return new Event(channel, EventId.NONE, type, data, skipUsers);
    }

    private static ChannelName channel(ByteBuffer in) {
        return new ChannelName(text(in));
    }

    private static String text(ByteBuffer in) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice(in)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text is not UTF-8", e);
        }
    }

    /** The bytes that follow their length. */
    private static ByteBuffer slice(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a length is " + length + ", but " + in.remaining() + " bytes are left");
        }
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }
}
