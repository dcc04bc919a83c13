package dev.eventstream.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A complete HTTP request that sends one or more events. Immutable.
 *
 * <p>The data of each event begins with a mark (see {@link #data}), in which the load generator writes the time at which the request was
 * due.
 */
public final class PublishRequest {
    private final byte[] bytes;
    private final int[] marks;

    private PublishRequest(byte[] bytes, int[] marks) {
        this.bytes = bytes;
        this.marks = marks;
    }

    /**
     * A request.
     *
     * @param head the request line and the headers except {@code Host} and {@code Content-Length}, each followed by a line feed
     * @param body with the data of one event or more
     */
    public static PublishRequest post(String head, String body) {
        String whole = head.replace("\n", "\r\n") + "Host: localhost\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        int[] marks = new int[(int) whole.chars().filter(c -> c == Mark.START).count()];
        int next = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == Mark.START) {
                marks[next++] = i;
            }
        }
        return new PublishRequest(bytes, marks);
    }

    /**
     * The data of an event of that length, without characters that need escapes.
     *
     * @param length at least 17
     */
    public static String data(int length) {
        return (char) Mark.START + "0".repeat(Mark.LENGTH - 1) + "x".repeat(length - Mark.LENGTH);
    }

    public int events() {
        return marks.length;
    }

    int length() {
        return bytes.length;
    }

    /** Writes it into an empty buffer. */
    void writeTo(ByteBuffer buffer, long dueNanos) {
        buffer.put(bytes);
        for (int mark : marks) {
            Mark.write(buffer, mark, dueNanos);
        }
    }
}
