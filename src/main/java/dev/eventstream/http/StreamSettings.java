package dev.eventstream.http;

import java.time.Duration;

/**
 * What clients of streams are told and allowed.
 *
 * <p>Immutable.
 *
 * @param keepAlive the longest silence, as announced to clients
 * @param retryMin shortest time that a client is told to wait before it comes back
 * @param retryMax longest such time; each connection is told a random one in between
 * @param maxChannels channels of one stream
 * @param maxStreams streams open on this node, beyond which newcomers are sent away
 */
public record StreamSettings(
        Duration keepAlive, Duration retryMin, Duration retryMax, int maxChannels, int maxStreams) {}
