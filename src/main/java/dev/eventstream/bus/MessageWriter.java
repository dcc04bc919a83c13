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
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Encodes the messages of a node, several at a time. The bytes are {@code version (1 byte), node (8)}, followed by one or more
 * entries {@code kind (1), length (4), body}. A text is its length in bytes (4) followed by its UTF-8; numbers are big-endian. An
 * entry that is too large travels in parts, which are entries whose body is {@code number (8), index (4), count (4), bytes}.
 *
 * <p>Confined to one thread.
 */
final class MessageWriter {
    static final byte VERSION = 1;
    static final byte MOVED = 1;
    static final byte UNSTORED = 2;
    static final byte PERMISSION_CHANGED = 3;
    static final byte DROPPED = 4;
    static final byte ALIVE = 5;
    static final byte PART = 6;
    static final byte CHANNEL_PERMISSION_CHANGED = 7;
    static final byte DISCONNECTED = 8;
    static final byte PRESENT = 9;

    /** A node skips the kinds after this one, which belong to later versions. */
    static final byte LAST_KIND = PRESENT;

    private static final int HEAD_BYTES = 1 + Long.BYTES;
    private static final int ENTRY_HEAD_BYTES = 1 + Integer.BYTES;
    private static final int PART_HEAD_BYTES = ENTRY_HEAD_BYTES + Long.BYTES + 2 * Integer.BYTES;

    private final long node;
    private final int maxEntryBytes;
    private long parted;

    /**
     * @param node the id of this node
     * @param maxBytes the largest message that the bus carries
     */
    MessageWriter(long node, int maxBytes) {
        this.node = node;
        this.maxEntryBytes = maxBytes - HEAD_BYTES;
    }

    /** Packs the messages into as few messages of the bus as possible. */
    List<byte[]> write(List<BusMessage> messages) {
        List<byte[]> packed = new ArrayList<>();
        ByteArrayOutputStream open = new ByteArrayOutputStream();
        for (BusMessage message : messages) {
            for (byte[] entry : entries(message)) {
                if (open.size() > 0 && open.size() + entry.length > maxEntryBytes) {
                    packed.add(close(open));
                }
                open.writeBytes(entry);
            }
        }
        if (open.size() > 0) {
            packed.add(close(open));
        }
        return packed;
    }

    private byte[] close(ByteArrayOutputStream entries) {
        byte[] message = encode(out -> {
            out.writeByte(VERSION);
            out.writeLong(node);
            entries.writeTo(out);
        });
        entries.reset();
        return message;
    }

    private List<byte[]> entries(BusMessage message) {
        if (message instanceof Moved moved) {
            return moved(moved);
        }
        byte[] entry = entry(message);
        return entry.length <= maxEntryBytes ? List.of(entry) : inParts(entry);
    }

    private static byte[] entry(BusMessage message) {
        if (message instanceof Unstored unstored) {
            return entry(UNSTORED, out -> writeEvent(out, unstored.event()));
        } else if (message instanceof AccessChanged changed) {
            return entry(changed.change());
        } else if (message instanceof Alive alive) {
            return entry(ALIVE, out -> {
                writeNode(out, alive.node());
                out.writeLong(alive.sentAtNanos());
            });
        } else if (message instanceof Dropped) {
            return entry(DROPPED, out -> {});
        } else if (message instanceof Present present) {
            return entry(PRESENT, out -> writeRest(out, present.report()));
        }
        throw new IllegalArgumentException("cannot encode " + message.getClass());
    }

    private static byte[] entry(AccessChange change) {
        if (change instanceof AccessChange.OfUser ofUser) {
            return entry(PERMISSION_CHANGED, out -> {
                writeText(out, ofUser.user());
                writeText(out, ofUser.channel().value());
            });
        } else if (change instanceof AccessChange.OfChannel ofChannel) {
            return entry(
                    CHANNEL_PERMISSION_CHANGED,
                    out -> writeText(out, ofChannel.channel().value()));
        }
        AccessChange.Disconnected disconnected = (AccessChange.Disconnected) change;
        return entry(DISCONNECTED, out -> {
            writeText(out, disconnected.user());
            writeText(out, disconnected.reason());
        });
    }

    /** One entry, or several if there are many channels. */
    private List<byte[]> moved(Moved moved) {
        List<byte[]> entries = new ArrayList<>();
        ByteArrayOutputStream positions = new ByteArrayOutputStream();
        moved.newest().forEach((channel, newest) -> {
            byte[] position = encode(out -> writePosition(out, channel, newest));
            if (positions.size() > 0 && ENTRY_HEAD_BYTES + positions.size() + position.length > maxEntryBytes) {
                entries.add(entry(MOVED, positions::writeTo));
                positions.reset();
            }
            positions.writeBytes(position);
        });
        if (positions.size() > 0) {
            entries.add(entry(MOVED, positions::writeTo));
        }
        return entries;
    }

    private List<byte[]> inParts(byte[] whole) {
        int size = maxEntryBytes - PART_HEAD_BYTES;
        int count = (whole.length + size - 1) / size;
        long number = parted++;
        List<byte[]> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            int from = i * size;
            parts.add(entry(PART, out -> {
                out.writeLong(number);
                out.writeInt(index);
                out.writeInt(count);
                out.write(whole, from, Math.min(size, whole.length - from));
            }));
        }
        return parts;
    }

    private static void writePosition(DataOutputStream out, ChannelName channel, EventId newest) throws IOException {
        writeText(out, channel.value());
        writeText(out, newest.epoch());
        out.writeLong(newest.sequence());
    }

    private static void writeEvent(DataOutputStream out, Event event) throws IOException {
        writeText(out, event.channel().value());
        writeText(out, event.type().value());
        writeText(out, event.data());
        out.writeInt(event.skipUsers().size());
        for (String user : event.skipUsers()) {
            writeText(out, user);
        }
    }

    private static void writeNode(DataOutputStream out, NodeInfo info) throws IOException {
        writeText(out, info.name());
        writeText(out, info.version());
        out.writeLong(info.started().toEpochMilli());
        out.writeInt(info.streams());
        out.writeLong(info.lag().toMillis());
        out.writeInt(info.settings().size());
        for (Map.Entry<String, String> setting : info.settings().entrySet()) {
            writeText(out, setting.getKey());
            writeText(out, setting.getValue());
        }
    }

    private static void writeRest(DataOutputStream out, ByteBuffer rest) throws IOException {
        byte[] bytes = new byte[rest.remaining()];
        rest.duplicate().get(bytes);
        out.write(bytes);
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static byte[] entry(byte kind, Body body) {
        byte[] bytes = encode(body);
        return encode(out -> {
            out.writeByte(kind);
            out.writeInt(bytes.length);
            out.write(bytes);
        });
    }

    private static byte[] encode(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.writeTo(new DataOutputStream(bytes));
        } catch (IOException e) { // impossible: the bytes are in memory
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }
}
