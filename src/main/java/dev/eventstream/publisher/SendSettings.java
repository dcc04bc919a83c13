package dev.eventstream.publisher;

import java.time.Duration;

/**
 * What senders are allowed.
 *
 * <p>Immutable.
 *
 * @param maxDataCharacters longest data of an event, in characters
 * @param timeout how long a send may wait for others and for locked channels
 */
public record SendSettings(int maxDataCharacters, Duration timeout) {
    /** The default of {@code eventStream.sendTimeout}. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
}
