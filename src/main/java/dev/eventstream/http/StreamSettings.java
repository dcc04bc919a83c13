package dev.eventstream.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Settings and limits of the streams of this node.
 *
 * <p>Immutable.
 *
 * @param keepAlive the longest silence, as announced to clients
 * @param retryMin the shortest time a client waits before it reconnects
 * @param retryMax the longest such time; each connection gets a random one in between
 * @param maxChannels channels of one stream
 * @param maxCatchUp the most events of each channel that a new reader gets
 */
public record StreamSettings(
        Duration keepAlive, Duration retryMin, Duration retryMax, int maxChannels, int maxCatchUp) {

    /** How long one client waits before it reconnects: clients that were cut off together must not return together. */
    public Duration randomRetry() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(retryMin.toMillis(), retryMax.toMillis() + 1));
    }
}
