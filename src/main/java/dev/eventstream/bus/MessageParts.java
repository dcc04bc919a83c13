package dev.eventstream.bus;

import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Joins the parts of large messages, which may arrive in any order. It keeps at most {@value #MAX_BYTES} bytes of incomplete
 * messages; beyond that it forgets the oldest.
 *
 * <p>Confined to one thread.
 */
final class MessageParts {
    static final int MAX_BYTES = 32 << 20;
    static final int MAX_PARTS = 16_384;
    private static final int REFERENCE_BYTES = 8;

    private final Map<Key, Message> incomplete = new LinkedHashMap<>();
    private long bytes;

    private record Key(long node, long number) {}

    private static final class Message {
        private final byte[][] parts;
        private int missing;
        /** Including the references to its parts. */
        private int bytes;

        Message(int count) {
            this.parts = new byte[count][];
            this.missing = count;
            this.bytes = count * REFERENCE_BYTES;
        }
    }

    /**
     * Adds a part.
     *
     * @return the whole message, if this was its last missing part
     * @throws IllegalArgumentException if the numbers are impossible
     */
    Optional<byte[]> add(long node, long number, int index, int count, byte[] part) {
        if (count < 1 || count > MAX_PARTS || index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "a message has part " + index + " of " + count + "; allowed are up to " + MAX_PARTS);
        }
        Key key = new Key(node, number);
        Message message = incomplete.computeIfAbsent(key, unused -> begin(count));
        if (message.parts.length != count) {
            throw new IllegalArgumentException(
                    "a message has " + count + " parts, although an earlier part said " + message.parts.length);
        }
        if (message.parts[index] != null) {
            return Optional.empty();
        }
        message.parts[index] = part;
        message.missing--;
        message.bytes += part.length;
        bytes += part.length;
        if (message.missing > 0) {
            forgetOldest();
            return Optional.empty();
        }
        incomplete.remove(key);
        bytes -= message.bytes;
        return Optional.of(join(message));
    }

    private Message begin(int count) {
        Message message = new Message(count);
        bytes += message.bytes;
        return message;
    }

    private void forgetOldest() {
        Iterator<Message> oldest = incomplete.values().iterator();
        while (bytes > MAX_BYTES && oldest.hasNext()) {
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
    }

    /** The number of messages of which parts are missing. */
    int incomplete() {
        return incomplete.size();
    }

    private static byte[] join(Message message) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(message.bytes);
        for (byte[] part : message.parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
