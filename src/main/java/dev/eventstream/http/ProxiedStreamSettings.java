package dev.eventstream.http;

import java.time.Duration;

/**
 * What is told to proxies that hold streams, and expected of them.
 *
 * <p>Immutable.
 *
 * @param nextAddress path, as clients see it, below which next links are answered
 * @param keepAlive silence after which a proxy sends a keep-alive; whole seconds on the wire
 * @param maxSubscriptions channels of one stream, the user's own included; a proxy ignores those beyond its limit
 * @param maxRequestHead bytes that the head of a proxy's request may have
 */
public record ProxiedStreamSettings(String nextAddress, Duration keepAlive, int maxSubscriptions, int maxRequestHead) {}
