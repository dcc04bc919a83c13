package dev.eventstream.channel;

import com.google.common.net.PercentEscaper;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Name of a channel: 1 to {@value #MAX_LENGTH} Unicode characters (code points) without control characters. Case, accents
 * and white space count: {@code Orders} and {@code orders} are two channels.
 *
 * <p>Immutable.
 *
 * @param value the name as the application writes it
 */
public record ChannelName(String value) implements Comparable<ChannelName> {
    /** Longest name, in code points. */
    public static final int MAX_LENGTH = 255;

    private static final int LONGEST_QUOTE = 60;

    // RFC 3986, 2.3: the unreserved characters; all of them are CORS-safelisted and free of meaning in a GRIP header
    private static final PercentEscaper ESCAPER = new PercentEscaper("-._~", false);

    /**
     * @throws IllegalArgumentException if the name is empty, too long, or has a control character or half a surrogate
     *     pair; the message quotes the beginning of the name
     */
    public ChannelName {
        int length = value.codePointCount(0, value.length());
        if (length == 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "channel name " + quote(value) + " has " + length + " characters; allowed are 1 to " + MAX_LENGTH);
        }
        if (value.codePoints().anyMatch(ChannelName::isForbidden)) {
            throw new IllegalArgumentException("channel name " + quote(value)
                    + " has a control character or half a surrogate pair; any other Unicode is allowed");
        }
    }

    /**
     * Reads the form that {@link #encoded()} writes.
     *
     * @throws IllegalArgumentException if an escape is broken, the bytes are not UTF-8, or the name is not allowed
     */
    public static ChannelName decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(escapedByte(encoded, i));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return new ChannelName(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("channel name " + quote(encoded) + " is not percent-encoded UTF-8", e);
        }
    }

    /** The name with every UTF-8 byte but RFC 3986's unreserved characters percent-encoded; ASCII only. */
    public String encoded() {
        return ESCAPER.escape(value);
    }

    @Override
    public int compareTo(ChannelName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isForbidden(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }

    private static int escapedByte(String encoded, int percent) {
        int high = percent + 2 < encoded.length() ? Character.digit(encoded.charAt(percent + 1), 16) : -1;
        int low = percent + 2 < encoded.length() ? Character.digit(encoded.charAt(percent + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException(
                    "channel name " + quote(encoded) + " has a '%' that two hexadecimal digits do not follow");
        }
        return high << 4 | low;
    }

    /** In quotation marks, shortened, and with control characters replaced, so that it is safe in a log line. */
    static String quote(String text) {
        String start = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        return '"' + start.replaceAll("\\p{Cc}|\\p{Cs}", "\uFFFD") + '"';
    }
}
