package dev.eventstream.testing;

/**
 * An event as a {@link TestReader} received it.
 *
 * <p>Immutable.
 *
 * @param type its type, such as {@code message}; {@code stream-open}, {@code stream-reset}, {@code stream-end}, {@code stream-error} and
 *     {@code keep-alive} are the bundle's own
 * @param data its data, unchanged; JSON if the application sent an object
 * @param lastEventId the position of the reader after it, as the wire has it, such as {@code orders=k3f9x2-41}; empty if the stream has
 *     no stored channels
 */
public record ReceivedEvent(String type, String data, String lastEventId) {
    private static final int SHOWN = 200;

    /** Whether the application sent it, not the bundle. */
    public boolean isOfApplication() {
        return !type.startsWith("stream-") && !type.equals("keep-alive");
    }

    /** The type and the first {@value #SHOWN} characters of the data. */
    @Override
    public String toString() {
        return type + ' ' + (data.length() <= SHOWN ? data : data.substring(0, SHOWN) + "…");
    }
}
