package dev.eventstream.publisher;

import java.time.Duration;

/**
 * The limits of a send.
 *
 * <p>Immutable.
 *
 * @param maxDataCharacters the longest data of an event, in characters
 * @param timeout how long a send may wait for other sends and for locked channels
 */
public record SendSettings(int maxDataCharacters, Duration timeout) {
    /** The default of {@code eventStream.sendTimeout}. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
}
