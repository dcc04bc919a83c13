package dev.eventstream.grip;

/**
 * Escapes bytes so that they pass a proxy's {@code build-id} filter unchanged: it takes {@code %} for the beginning of a
 * directive (Pushpin, {@code src/handler/filter.cpp} and {@code idformat.cpp}).
 *
 * <p>Stateless, thread-safe.
 */
public final class ContentFilter {
    private ContentFilter() {}

    /** The bytes with every {@code %} doubled; the same array if there is none. */
    public static byte[] escape(byte[] bytes) {
        int percents = count(bytes);
        if (percents == 0) {
            return bytes;
        }
        byte[] escaped = new byte[bytes.length + percents];
        int to = 0;
        for (byte b : bytes) {
            escaped[to++] = b;
            if (b == '%') {
                escaped[to++] = b;
            }
        }
        return escaped;
    }

    private static int count(byte[] bytes) {
        int percents = 0;
        for (byte b : bytes) {
            if (b == '%') {
                percents++;
            }
        }
        return percents;
    }
}
