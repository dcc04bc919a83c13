package dev.eventstream.http;

import dev.eventstream.channel.PlainText;
import dev.eventstream.store.StartLimit;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream begins in channels for which its client states no position. A route lists what it allows, and a client asks for an
 * entry of that list, in the same words.
 *
 * <p>Immutable.
 *
 * @param word the first word, which is the kind
 * @param fixed what it admits at any time
 * @param back the age beyond which it admits nothing; null if age does not matter
 */
record Start(String word, StartLimit fixed, @Nullable Duration back) {
    static final String NOW = "now";

    private static final String FORMS =
            "now, all, last:NUMBER with 1 to 999999999, since:DURATION with 1s to 3650d, and since:TIME"
                    + " such as since:2026-01-31T08:30:00Z";

    private static final int MAX_LENGTH = 50;
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Pattern LAST = Pattern.compile("last:([1-9][0-9]{0,8})");
    private static final Pattern SINCE = Pattern.compile("since:(.+)");
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

    /**
     * Reads {@code now}, {@code all}, {@code last:NUMBER}, {@code since:DURATION} such as {@code since:90m}, or {@code since:TIME} in
     * ISO 8601 with an offset.
     *
     * @throws IllegalArgumentException if the text is anything else; the message quotes its beginning
     */
    static Start parse(String text) {
        if (text.equals(NOW)) {
            return new Start(NOW, StartLimit.NOW, null);
        } else if (text.equals("all")) {
            return new Start("all", StartLimit.ALL, null);
        } else if (text.length() <= MAX_LENGTH) {
            Matcher last = LAST.matcher(text);
            if (last.matches()) {
                return new Start("last", StartLimit.newest(Long.parseLong(last.group(1))), null);
            }
            Matcher since = SINCE.matcher(text);
            if (since.matches()) {
                return since(text, since.group(1));
            }
        }
        throw malformed(text, null);
    }

    private static Start since(String text, String value) {
        Matcher duration = DURATION.matcher(value);
        if (duration.matches()) {
            Duration back = duration(Long.parseLong(duration.group(1)), duration.group(2));
            if (back.compareTo(LONGEST) <= 0) {
                return new Start("since", StartLimit.ALL, back);
            }
            throw malformed(text, null);
        }
        try {
            return new Start("since", StartLimit.since(Instant.parse(value)), null);
        } catch (DateTimeException e) {
            throw malformed(text, e);
        }
    }

    private static Duration duration(long number, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static IllegalArgumentException malformed(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "start " + PlainText.quote(text) + " is malformed; allowed are " + FORMS, cause);
    }

    /** What it admits now. */
    StartLimit limit(Instant now) {
        return back == null ? fixed : fixed.and(StartLimit.since(now.minus(back)));
    }
}
