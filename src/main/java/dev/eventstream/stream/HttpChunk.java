package dev.eventstream.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The chunks of HTTP/1.1 (RFC 9112, 7.1): the length in hexadecimal digits, the bytes, and line breaks after both.
 *
 * <p>Stateless, thread-safe.
 */
public final class HttpChunk {
    private static final byte[] LINE_BREAK = {'\r', '\n'};
    private static final ByteBuffer TAIL = ByteBuffer.wrap(LINE_BREAK).asReadOnlyBuffer();

    private HttpChunk() {}

    /**
     * What precedes the bytes.
     *
     * @param length how many bytes there are, at least 1: a chunk without bytes would end the answer
     */
    public static byte[] head(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a chunk of " + length + " bytes");
        }
        return (Integer.toHexString(length).toUpperCase(Locale.ROOT) + "\r\n").getBytes(US_ASCII);
    }

    /** What follows the bytes, with a position that belongs to the caller. */
    public static ByteBuffer tail() {
        return TAIL.duplicate();
    }

    /** The bytes in a chunk of that many, as a view with a position of its own. */
    public static ByteBuffer bytesOf(ByteBuffer chunk, int length) {
        return chunk.slice(chunk.remaining() - LINE_BREAK.length - length, length);
    }

    /** The bytes as one chunk. */
    public static byte[] of(byte[] bytes) {
        byte[] head = head(bytes.length);
        byte[] chunk = new byte[head.length + bytes.length + LINE_BREAK.length];
        System.arraycopy(head, 0, chunk, 0, head.length);
        System.arraycopy(bytes, 0, chunk, head.length, bytes.length);
        System.arraycopy(LINE_BREAK, 0, chunk, head.length + bytes.length, LINE_BREAK.length);
        return chunk;
    }
}
