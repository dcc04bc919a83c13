package dev.eventstream.control.zmq;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A value in the format of Pushpin's commands and statistics: length, colon, bytes, and a letter for the type. It supports only what
 * these need: writing text and dictionaries, and reading those, numbers and booleans.
 *
 * <p>Immutable.
 */
final class Tnetstring {
    private static final char TEXT = ',';
    private static final char DICTIONARY = '}';
    private static final char BOOLEAN = '!';
    private static final char NUMBER = '#';
    private static final char NULL = '~';
    private static final int LONGEST_NUMBER = 9;
    private static final int LONGEST_LENGTH = 9;

    /** The null of the format. */
    static final Tnetstring NOTHING = new Tnetstring(NULL, new byte[0]);

    private final char type;
    private final byte[] bytes;

    private Tnetstring(char type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    static Tnetstring text(String text) {
        return new Tnetstring(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static Tnetstring dictionary(Map<String, Tnetstring> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        entries.forEach((key, value) -> {
            bytes.writeBytes(text(key).encoded());
            bytes.writeBytes(value.encoded());
        });
        return new Tnetstring(DICTIONARY, bytes.toByteArray());
    }

    /** Reads one value that fills the bytes; empty if they are anything else. */
    static Optional<Tnetstring> parse(byte[] encoded) {
        return new Reader(encoded).whole();
    }

    byte[] encoded() {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        encoded.writeBytes(bytes);
        encoded.write(type);
        return encoded.toByteArray();
    }

    boolean isTrue() {
        return type == BOOLEAN && Arrays.equals(bytes, "true".getBytes(StandardCharsets.US_ASCII));
    }

    /** Its text, if it is text in UTF-8 or ASCII; other bytes become U+FFFD. */
    Optional<String> text() {
        return type == TEXT ? Optional.of(new String(bytes, StandardCharsets.UTF_8)) : Optional.empty();
    }

    /** Its value, if it is a number of up to {@value #LONGEST_NUMBER} digits without a sign. */
    Optional<Integer> number() {
        String digits = new String(bytes, StandardCharsets.ISO_8859_1);
        return type == NUMBER && digits.length() <= LONGEST_NUMBER && digits.matches("[0-9]+")
                ? Optional.of(Integer.valueOf(digits))
                : Optional.empty();
    }

    /** Its entries, if it is a dictionary whose keys are text. */
    Optional<Map<String, Tnetstring>> dictionary() {
        if (type != DICTIONARY) {
            return Optional.empty();
        }
        Map<String, Tnetstring> entries = new HashMap<>();
        Reader reader = new Reader(bytes);
        while (reader.hasMore()) {
            Optional<Tnetstring> key = reader.next().filter(value -> value.type == TEXT);
            Optional<Tnetstring> value = reader.next();
            if (key.isEmpty() || value.isEmpty()) {
                return Optional.empty();
            }
            entries.put(new String(key.get().bytes, StandardCharsets.UTF_8), value.get());
        }
        return Optional.of(entries);
    }

    private static final class Reader {
        private final byte[] encoded;
        private int at;

        Reader(byte[] encoded) {
            this.encoded = encoded;
        }

        boolean hasMore() {
            return at < encoded.length;
        }

        Optional<Tnetstring> whole() {
            return next().filter(value -> !hasMore());
        }

        Optional<Tnetstring> next() {
            int length = length();
            if (length < 0 || length >= encoded.length - at) {
                return Optional.empty();
            }
            byte[] bytes = Arrays.copyOfRange(encoded, at, at + length);
            char type = (char) encoded[at + length];
            at += length + 1;
            return Optional.of(new Tnetstring(type, bytes));
        }

        /** The length and its colon; negative if there is none. */
        private int length() {
            int length = 0;
            for (int digits = 0; digits <= LONGEST_LENGTH && hasMore(); digits++) {
                byte b = encoded[at++];
                if (b == ':') {
                    return digits == 0 ? -1 : length;
                } else if (b < '0' || b > '9' || digits == LONGEST_LENGTH) {
                    return -1;
                }
                length = length * 10 + b - '0';
            }
            return -1;
        }
    }
}
