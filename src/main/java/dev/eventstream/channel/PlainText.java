package dev.eventstream.channel;

/**
 * The rule for names of all kinds (channels, types, users, keys): they stay one line wherever they are written, be it a
 * header, a log or a field of a stream, and every database and UTF-8 can carry them.
 *
 * <p>Stateless, thread-safe.
 */
public final class PlainText {
    private static final int LONGEST_QUOTE = 60;

    private PlainText() {}

    /** Whether the text has neither control characters nor half a surrogate pair. */
    public static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        return isUnicode(text);
    }

    /** Whether the text has no half of a surrogate pair. Only such text survives being written as UTF-8. */
    public static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /**
     * Text from outside as an error message shows it: in quotation marks, its first {@value #LONGEST_QUOTE} characters,
     * and {@code U+FFFD} for what is not plain and for the separators that some readers of logs take for a line end.
     */
    public static String quote(String text) {
        String start = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        return '"' + start.replaceAll("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]", "\uFFFD") + '"';
    }
}
