package dev.eventstream.channel;

import com.google.common.net.PercentEscaper;

/**
 * The form in which names of all kinds go where only some ASCII characters may: every byte of their UTF-8 but RFC 3986's
 * unreserved characters (2.3) becomes {@code %} and two hexadecimal digits. What is left is CORS-safelisted, and without
 * meaning in a GRIP header.
 *
 * <p>Stateless, thread-safe.
 */
public final class PercentEncoding {
    static final String UNRESERVED_MARKS = "-._~";

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
}
