package dev.eventstream.http;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.limit.Rates;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;

/**
 * A token that lets a program send. Only its SHA-256 is kept.
 *
 * <p>Thread-safe.
 */
public final class PublishToken {
    private final String name;
    private final byte[] sha256;
    private final List<ChannelPattern> channels;
    private final Rates events;
    private final Rates bytes;

    /**
     * @param name of the program, for logs and metrics
     * @param sha256 of the token
     * @param channels to which the token allows sending
     * @param eventsPerSecond that it may send; unused allowance accumulates for ten seconds
     * @param bytesPerSecond of the bodies that it may post
     * @param ticker measures both
     */
    public PublishToken(
            String name,
            byte[] sha256,
            List<ChannelPattern> channels,
            int eventsPerSecond,
            int bytesPerSecond,
            Ticker ticker) {
        this.name = name;
        this.sha256 = sha256.clone();
        this.channels = List.copyOf(channels);
        this.events = new Rates(1, eventsPerSecond, ticker);
        this.bytes = new Rates(1, bytesPerSecond, ticker);
    }

    /** The SHA-256 of a token. */
    public static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The name of the program. */
    String name() {
        return name;
    }

    /** Whether it is the token with that digest; takes the same time whatever they have in common. */
    boolean hasDigest(byte[] digest) {
        return MessageDigest.isEqual(sha256, digest);
    }

    /** Whether it allows sending to the channel. To one with joins and leaves, only a pattern with that prefix does, so {@code *} does not. */
    boolean allows(ChannelName channel) {
        boolean isReport = PresenceChannels.reportedBy(channel).isPresent();
        return channels.stream()
                .anyMatch(pattern -> pattern.matches(channel)
                        && (!isReport || pattern.toString().startsWith(PresenceChannels.EVENTS_PREFIX)));
    }

    /** How long the program has to wait until it may post again; zero if it may. */
    Duration untilAvailable() {
        Duration forEvents = events.untilAvailable(0);
        Duration forBytes = bytes.untilAvailable(0);
        return forEvents.compareTo(forBytes) > 0 ? forEvents : forBytes;
    }

    void countBytes(int count) {
        bytes.take(0, count);
    }

    void countEvents(int count) {
        events.take(0, count);
    }
}
