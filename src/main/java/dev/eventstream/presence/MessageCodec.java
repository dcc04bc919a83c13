package dev.eventstream.presence;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.presence.Message.Alive;
import dev.eventstream.presence.Message.Changes;
import dev.eventstream.presence.Message.Gone;
import dev.eventstream.presence.Message.Wanted;
import dev.eventstream.presence.Message.Whole;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of messages: a kind (1 byte) and its fields. Counts are grouped by channel: its name, the number of its readers, and each
 * reader's name and streams. A name is its length in bytes (2) and its UTF-8; a reader without a name has the length
 * {@value #NO_NAME}.
 *
 * <p>Other programs may use the same bus, so every length and number is checked. Stateless, thread-safe.
 */
final class MessageCodec {
    private static final byte CHANGES = 1;
    private static final byte WHOLE = 2;
    private static final byte ALIVE = 3;
    private static final byte WANTED = 4;
    private static final byte GONE = 5;
    private static final int NO_NAME = 0xffff;

    private MessageCodec() {}

    static byte[] encode(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(message, new DataOutputStream(bytes));
        } catch (IOException e) { // impossible: the bytes are in memory
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(Message message, DataOutputStream out) throws IOException {
        if (message instanceof Changes changes) {
            out.writeByte(CHANGES);
            out.writeLong(changes.base());
            writeCounts(out, changes.counts());
        } else if (message instanceof Whole whole) {
            out.writeByte(WHOLE);
            out.writeLong(whole.version());
            writeCounts(out, whole.counts());
        } else if (message instanceof Alive alive) {
            out.writeByte(ALIVE);
            out.writeLong(alive.version());
            out.writeBoolean(alive.maySend());
        } else if (message instanceof Wanted wanted) {
            out.writeByte(WANTED);
            out.writeLong(wanted.node());
        } else {
            out.writeByte(GONE);
        }
    }

    private static void writeCounts(DataOutputStream out, Map<Attendee, Integer> counts) throws IOException {
        Map<ChannelName, Map<Attendee, Integer>> byChannel = new TreeMap<>();
        counts.forEach((attendee, streams) -> byChannel
                .computeIfAbsent(attendee.channel(), unused -> new HashMap<>())
                .put(attendee, streams));
        for (Map.Entry<ChannelName, Map<Attendee, Integer>> entry : byChannel.entrySet()) {
            writeName(out, entry.getKey().value());
            out.writeInt(entry.getValue().size());
            for (Map.Entry<Attendee, Integer> count : entry.getValue().entrySet()) {
                writeName(out, count.getKey().user());
                out.writeInt(count.getValue());
            }
        }
    }

    private static void writeName(DataOutputStream out, @Nullable String name) throws IOException {
        if (name == null) {
            out.writeShort(NO_NAME);
            return;
        }
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        out.writeShort(utf8.length);
        out.write(utf8);
    }

    /**
     * Reads a message; empty if it is of a kind that a later version added.
     *
     * @throws IllegalArgumentException if the bytes are not a message
     */
    static Optional<Message> decode(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate();
        try {
            Message message = switch (in.get()) {
                case CHANGES -> new Changes(version(in), counts(in));
                case WHOLE -> new Whole(version(in), counts(in));
                case ALIVE -> new Alive(version(in), in.get() != 0);
                case WANTED -> new Wanted(in.getLong());
                case GONE -> new Gone();
                default -> null;
            };
            if (message != null && in.hasRemaining()) {
                throw new IllegalArgumentException("a report of presence has " + in.remaining() + " bytes too many");
            }
            return Optional.ofNullable(message);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a report of presence ends too early", e);
        }
    }

    private static long version(ByteBuffer in) {
        long version = in.getLong();
        if (version < 0) {
            throw new IllegalArgumentException("a report of presence has the version " + version);
        }
        return version;
    }

    private static Map<Attendee, Integer> counts(ByteBuffer in) {
        Map<Attendee, Integer> counts = new HashMap<>();
        while (in.hasRemaining()) {
            String name = name(in);
            if (name == null) {
                throw new IllegalArgumentException("a report of presence has a channel without a name");
            }
            ChannelName channel = new ChannelName(name);
            for (int left = in.getInt(); left > 0; left--) {
                counts.put(new Attendee(channel, name(in)), streams(in.getInt()));
            }
        }
        return counts;
    }

    private static int streams(int streams) {
        if (streams < 0 || streams > Message.MAX_STREAMS) {
            throw new IllegalArgumentException("a report of presence has " + streams
                    + " streams of one reader; allowed are 0 to " + Message.MAX_STREAMS);
        }
        return streams;
    }

    private static @Nullable String name(ByteBuffer in) {
        int length = in.getShort() & 0xffff;
        if (length == NO_NAME) {
            return null;
        }
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer utf8 = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a report of presence has a name that is not UTF-8", e);
        }
    }
}
