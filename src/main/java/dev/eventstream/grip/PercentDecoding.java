package dev.eventstream.grip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent-encoding strictly: incomplete escapes and bytes that are not UTF-8 are errors. Stateless, thread-safe. */
public final class PercentDecoding {
    private PercentDecoding() {}

    /** Decodes the value of a form field, where a {@code +} is a space. */
    public static String formDecode(String text) {
        return percentDecode(text.replace('+', ' '));
    }

    /**
     * Decodes percent-escapes; every other character stays as it is.
     *
     * @throws IllegalArgumentException if an escape is broken; the message begins with a verb and quotes nothing
     */
    public static String percentDecode(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                decoded.write(encoded[i]);
                continue;
            }
            int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(encoded[i + 2], 16);
            if (low < 0) {
                throw new IllegalArgumentException("has a '%' that is not followed by two hexadecimal digits");
            }
            decoded.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("has %-escapes that are not UTF-8");
        }
    }
}
