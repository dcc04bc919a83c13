package dev.eventstream.http;

import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.grip.NextLinks;
import java.time.Duration;

/**
 * Settings of the streams that proxies hold.
 *
 * <p>Immutable.
 *
 * @param nextAddress path, as clients see it, below which next links are answered
 * @param keepAlive silence after which a proxy sends a keep-alive; whole seconds on the wire
 * @param maxSubscriptions channels of one stream, including the reader's own; a proxy ignores those beyond its limit
 * @param maxRequestHead bytes that the head of a proxy's request may have
 * @param presence the channels for which a proxy counts the readers
 */
public record ProxiedStreamSettings(
        String nextAddress, Duration keepAlive, int maxSubscriptions, int maxRequestHead, PresenceChannels presence) {

    /** The address of a link. */
    String address(NextLinks.Signed link) {
        return nextAddress + '/' + link.digest() + '?' + NextLinks.PARAMETER + '=' + link.token();
    }
}
