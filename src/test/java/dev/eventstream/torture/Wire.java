package dev.eventstream.torture;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Percent-encodes a channel's name, without the product's code: everything except letters, digits and {@code -._~}. */
final class Wire {
    private Wire() {}

    static String encode(String channel) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : channel.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}
