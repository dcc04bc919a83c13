package dev.eventstream.channel;

/**
 * A reason to ask the authorizer again about open streams, or to end them. All are immutable.
 */
public sealed interface AccessChange {

    /** The user's permission to read the channel may have changed. */
    record OfUser(String user, ChannelName channel) implements AccessChange {}

    /** The permission of any reader, including anonymous ones, to read the channel may have changed. */
    record OfChannel(ChannelName channel) implements AccessChange {}

    /**
     * The user's streams end. A client that comes back is authenticated and authorized as usual.
     *
     * @param reason for the user, at most {@value #MAX_REASON_LENGTH} characters
     */
    record Disconnected(String user, String reason) implements AccessChange {
        /** Longest reason, in characters. */
        public static final int MAX_REASON_LENGTH = 255;

        /**
         * @throws IllegalArgumentException if the reason is too long
         */
        public Disconnected {
            if (reason.length() > MAX_REASON_LENGTH) {
                throw new IllegalArgumentException("the reason to disconnect a user has " + reason.length()
                        + " characters; allowed are up to " + MAX_REASON_LENGTH);
            }
        }
    }
}
