package dev.eventstream.admin.page;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How values look to people, and which texts are allowed to leave. Stateless. */
final class Shown {
    /** Longest text, in characters; the name of a channel has 255 at most. */
    static final int MAX_TEXT = 1_000;

    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};
    private static final int UNIT = 1_024;
    private static final int HUNDRED = 100;

    private Shown() {}

    /** A text as it may be written: not too long, without control characters and halves of surrogate pairs. */
    static String clean(String text) {
        String start = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + '…' : text;
        return start.replaceAll("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]", "\uFFFD");
    }

    /** A value in words. A link and texts are written by their words. */
    static String of(Value value) {
        if (value instanceof Value.Text text) {
            return text.text();
        } else if (value instanceof Value.Link link) {
            return of(link.value());
        } else if (value instanceof Value.Texts texts) {
            return String.join(", ", texts.texts()) + (texts.leftOut() == 0 ? "" : " and " + texts.leftOut() + " more");
        } else if (value instanceof Value.Count count) {
            return format("%,d", count.count());
        } else if (value instanceof Value.Rate rate) {
            return format("%,.1f", rate.perSecond());
        } else if (value instanceof Value.Bytes bytes) {
            return bytes(bytes.bytes());
        } else if (value instanceof Value.Share share) {
            return format("%.0f %%", share.part() * HUNDRED);
        } else if (value instanceof Value.Span span) {
            return span(span.length());
        } else if (value instanceof Value.Time time) {
            return time.at().truncatedTo(ChronoUnit.SECONDS).toString();
        }
        return ((Value.None) value).shown();
    }

    private static String bytes(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= UNIT && unit < UNITS.length - 1) {
            size /= UNIT;
            unit++;
        }
        return format(unit == 0 ? "%.0f %s" : "%.1f %s", size, UNITS[unit]);
    }

    /** Two units at most, such as {@code 3 d 4 h} or {@code 12 s}. */
    private static String span(Duration length) {
        if (length.isZero()) {
            return "0 s";
        } else if (length.toDays() > 0) {
            return length.toDays() + " d " + length.toHoursPart() + " h";
        } else if (length.toHours() > 0) {
            return length.toHours() + " h " + length.toMinutesPart() + " min";
        } else if (length.toMinutes() > 0) {
            return length.toMinutes() + " min " + length.toSecondsPart() + " s";
        }
        return length.toSeconds() > 0 ? length.toSeconds() + " s" : length.toMillis() + " ms";
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
