package dev.eventstream.channel;

import com.google.common.net.PercentEscaper;

/**
 * Encodes names of all kinds for places that allow only some ASCII characters: every byte of their UTF-8, except RFC 3986's
 * unreserved characters (2.3), becomes {@code %} and two hexadecimal digits. The result is CORS-safelisted and has no special
 * meaning in a GRIP header.
 *
 * <p>Stateless, thread-safe.
 */
public final class PercentEncoding {
    static final String UNRESERVED_MARKS = "-._~";

    private static final int REPLACEMENT = 0xFFFD;

    private static final PercentEscaper ESCAPER = new PercentEscaper(UNRESERVED_MARKS, false);

    private PercentEncoding() {}

    /**
     * The name, encoded.
     *
     * @throws IllegalArgumentException if the name has half a surrogate pair
     */
    public static String encode(String name) {
        return ESCAPER.escape(name);
    }

    /**
     * Encodes only the characters outside ASCII, so that a text whose client encoded all others counts as encoded. The replacement
     * character stays, because it stands for bytes that were not text.
     *
     * @throws IllegalArgumentException if the text has half a surrogate pair
     */
    public static String encodeNonAscii(String text) {
        if (text.chars().allMatch(PercentEncoding::isKept)) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(3 * text.length());
        text.codePoints().forEach(character -> {
            String one = Character.toString(character);
            encoded.append(isKept(character) ? one : encode(one));
        });
        return encoded.toString();
    }

    private static boolean isKept(int character) {
        return character < 0x80 || character == REPLACEMENT;
    }
}
