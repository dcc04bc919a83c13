package dev.eventstream.event;

import dev.eventstream.channel.PlainText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Position of an event in its channel. On the wire {@code epoch-sequence}, such as {@code k3f9x2-41}.
 *
 * <p>Immutable.
 *
 * @param epoch random word of the channel's log, 1 to 16 lower-case letters and digits
 * @param sequence counts the committed events of the channel, 1 to {@value #MAX_SEQUENCE} without gaps; 0 only in
 *     {@link #NONE}
 */
public record EventId(String epoch, long sequence) {
    private static final String NO_EPOCH = "0";

    /** The position before the first event of a channel that has no log yet; also the id of an event that is not stored. */
    public static final EventId NONE = new EventId(NO_EPOCH, 0);

    /** Highest sequence: 18 digits, as many as are read. */
    public static final long MAX_SEQUENCE = 999_999_999_999_999_999L;

    private static final int MAX_EPOCH_LENGTH = 16;

    /** Stands for "another log": no log has this epoch, so such a position is never honoured. */
    static final String FOREIGN_EPOCH = "x";

    private static final Pattern WIRE = Pattern.compile("([a-z0-9]{1,16})-(0|[1-9][0-9]{0,17})");

    /**
     * @throws IllegalArgumentException if the epoch is malformed, or the sequence is out of range, or 0 in a real epoch
     */
    public EventId {
        if (!isEpoch(epoch)) {
            throw new IllegalArgumentException("epoch " + PlainText.quote(epoch)
                    + " is malformed; allowed are 1 to 16 lower-case letters and digits");
        }
        boolean inRange = epoch.equals(NO_EPOCH) ? sequence == 0 : sequence >= 1 && sequence <= MAX_SEQUENCE;
        if (!inRange) {
            throw new IllegalArgumentException(
                    "sequence " + sequence + " of epoch \"" + epoch + "\" is out of range; allowed are 1 to "
                            + MAX_SEQUENCE + ", and 0 of epoch \"" + NO_EPOCH + "\" only");
        }
    }

    /**
     * Reads the wire form.
     *
     * @throws IllegalArgumentException if the text has another form; the message quotes its beginning
     */
    public static EventId parse(String wire) {
        Matcher matcher = WIRE.matcher(wire);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "event id " + PlainText.quote(wire) + " is not of the form epoch-sequence");
        }
        return new EventId(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    /** The position of the event before the one with this id; {@link #NONE} before the first. */
    public EventId previous() {
        return sequence <= 1 ? NONE : new EventId(epoch, sequence - 1);
    }

    /** Whether this is the position before any event. */
    public boolean isNone() {
        return sequence == 0;
    }

    private static boolean isEpoch(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
                return false;
            }
        }
        return !word.isEmpty() && word.length() <= MAX_EPOCH_LENGTH;
    }

    @Override
    public String toString() {
        return epoch + '-' + sequence;
    }
}
