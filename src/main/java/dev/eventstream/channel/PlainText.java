package dev.eventstream.channel;

/**
 * The rule for names of all kinds (channels, types, users, keys): they stay on one line in headers, logs and fields of a
 * stream, and every database and UTF-8 can store them.
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
     * Prepares text from outside for a message: in quotation marks, its first {@value #LONGEST_QUOTE} characters, with
     * {@code U+FFFD} in place of control characters, surrogate halves and Unicode line separators.
     */
    public static String quote(String text) {
        String start = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        return '"' + start.replaceAll("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]", "\uFFFD") + '"';
    }
}
