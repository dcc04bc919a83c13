package dev.eventstream.channel;

import org.jspecify.annotations.Nullable;

/**
 * A reader of a channel, as presence counts it: all streams of one user, or all streams whose readers have no name.
 *
 * <p>Immutable.
 *
 * @param channel the channel that is read
 * @param user name of the principal; null for readers without a name: anonymous ones, and those whose name is
 *     longer than {@value #MAX_USER_LENGTH} characters or has control characters
 */
public record Attendee(ChannelName channel, @Nullable String user) {
    /** The longest name of a user, in UTF-16 code units. */
    public static final int MAX_USER_LENGTH = 255;

    /**
     * @throws IllegalArgumentException if the name of the user is too long, or has a control character or half a surrogate pair
     */
    public Attendee {
        if (user != null && !isNamed(user)) {
            throw new IllegalArgumentException("the name of a user is " + PlainText.quote(user) + "; allowed are up to "
                    + MAX_USER_LENGTH + " characters without control characters");
        }
    }

    /** A reader of a channel. If the name is not allowed here, it is a reader without a name. */
    public static Attendee of(ChannelName channel, Reader reader) {
        return new Attendee(channel, reader.user().filter(Attendee::isNamed).orElse(null));
    }

    private static boolean isNamed(String user) {
        return user.length() <= MAX_USER_LENGTH && PlainText.isPlain(user);
    }
}
