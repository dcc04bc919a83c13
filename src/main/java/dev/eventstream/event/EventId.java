package dev.eventstream.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Place of an event in its channel. On the wire {@code epoch-sequence}, such as {@code k3f9x2-41}.
 *
 * <p>Immutable.
 *
 * @param epoch random word of the channel's log, 1 to 16 lower-case letters and digits
 * @param sequence counts the committed events of the channel from 1 without gaps; 0 only in {@link #NONE}
 */
public record EventId(String epoch, long sequence) {
    /** The place before the first event of a channel that has no log yet; also the id of an event that is not stored. */
    public static final EventId NONE = new EventId("0", 0);

    /** Stands for "some other log": no log is ever given this epoch, so such a place is never honoured. */
    static final String FOREIGN_EPOCH = "x";

    private static final Pattern EPOCH = Pattern.compile("[a-z0-9]{1,16}");
    private static final Pattern WIRE = Pattern.compile("([a-z0-9]{1,16})-(0|[1-9][0-9]{0,17})");

    /**
     * @throws IllegalArgumentException if the epoch is malformed, or the sequence is negative, or 0 in a real epoch
     */
    public EventId {
        if (!EPOCH.matcher(epoch).matches()) {
            throw new IllegalArgumentException("epoch must be 1 to 16 lower-case letters and digits");
        }
        if (sequence < 0 || (sequence == 0 && !epoch.equals("0"))) {
            throw new IllegalArgumentException(
                    "sequence " + sequence + " of epoch " + epoch + "; allowed is 1 or more");
        }
    }

    /**
     * Reads the wire form.
     *
     * @throws IllegalArgumentException if the text is anything else; the message does not quote it
     */
    public static EventId parse(String wire) {
        Matcher matcher = WIRE.matcher(wire);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("event id is not of the form epoch-sequence");
        }
        return new EventId(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    /** The place of the event before the one with this id; {@link #NONE} before the first. */
    public EventId previous() {
        return sequence <= 1 ? NONE : new EventId(epoch, sequence - 1);
    }

    /** Whether this is the place before any event. */
    public boolean isNone() {
        return sequence == 0;
    }

    @Override
    public String toString() {
        return epoch + '-' + sequence;
    }
}
