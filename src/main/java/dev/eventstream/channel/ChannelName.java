package dev.eventstream.channel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Name of a channel: 1 to {@value #MAX_LENGTH} Unicode characters (code points) without control characters. Case, accents
 * and white space count: {@code Orders} and {@code orders} are two channels.
 *
 * <p>Immutable.
 *
 * @param value the name as the application writes it
 */
public record ChannelName(String value) implements Comparable<ChannelName> {
    /**
     * Longest name, in code points. Other limits follow from it. If it grows, so must: in migrations.xml the columns with a
     * channel's name (in UTF-16 units, twice as many), {@code LargeResponseHeaders.MAX_BYTES} (20 encoded names, 12 bytes per
     * code point), {@code LastEventId.MAX_LENGTH}, and in package {@code grip} {@code NextLinks.MAX_LENGTH} and
     * {@code GripLast.MAX_LENGTH}.
     */
    public static final int MAX_LENGTH = 255;

    /**
     * @throws IllegalArgumentException if the name is empty, too long, or has a control character or half a surrogate
     *     pair; the message quotes the beginning of the name
     */
    public ChannelName {
        int length = value.codePointCount(0, value.length());
        if (length == 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("channel name " + PlainText.quote(value) + " has " + length
                    + " characters; allowed are 1 to " + MAX_LENGTH);
        }
        if (!PlainText.isPlain(value)) {
            throw new IllegalArgumentException("channel name " + PlainText.quote(value)
                    + " has a control character or half a surrogate pair; any other Unicode is allowed");
        }
    }

    /**
     * Reads the form that {@link #encoded()} writes. A bare {@code /} is accepted too, because django-eventstream writes it.
     * Any other character that should be encoded is refused, because the text may have been decoded once too often.
     *
     * @throws IllegalArgumentException if a character is not encoded, an escape is broken, the bytes are not UTF-8, or the
     *     name is not allowed; the message quotes the beginning of the name
     */
    public static ChannelName decode(String encoded) {
        ByteBuffer utf8 = ByteBuffer.allocate(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                utf8.put(escapedByte(encoded, i));
                i += 2;
            } else if (isLiteral(c)) {
                utf8.put((byte) c);
            } else {
                throw new IllegalArgumentException("channel name " + PlainText.quote(encoded)
                        + " has a character that must be percent-encoded; bare are letters, digits and -._~/");
            }
        }
        try {
            return new ChannelName(
                    StandardCharsets.UTF_8.newDecoder().decode(utf8.flip()).toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "channel name " + PlainText.quote(encoded) + " is not percent-encoded UTF-8", e);
        }
    }

    /** The name with every UTF-8 byte percent-encoded, except RFC 3986's unreserved characters; ASCII only. */
    public String encoded() {
        return PercentEncoding.encode(value);
    }

    @Override
    public int compareTo(ChannelName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isLiteral(char c) {
        return c < 0x80
                && (Character.isLetterOrDigit(c) || PercentEncoding.UNRESERVED_MARKS.indexOf(c) >= 0 || c == '/');
    }

    private static byte escapedByte(String encoded, int percent) {
        int end = percent + 3;
        if (end > encoded.length()
                || !HexFormat.isHexDigit(encoded.charAt(end - 2))
                || !HexFormat.isHexDigit(encoded.charAt(end - 1))) {
            throw new IllegalArgumentException("channel name " + PlainText.quote(encoded)
                    + " has a '%' that two hexadecimal digits do not follow");
        }
        return (byte) HexFormat.fromHexDigits(encoded, end - 2, end);
    }
}
