package dev.eventstream.torture;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may read what, as the coordinator has it.
 *
 * <p>A revocation is in effect {@link #BOUND} after every node that runs has been told of it; and that long after the last
 * trouble with the database or a stopped node, for permissions are asked on threads that read the database too. An event
 * that was sent later must not be shown.
 *
 * <p>Thread-safe.
 */
final class Permissions {
    static final Duration BOUND = Duration.ofSeconds(5);

    private static final long NOT_YET = Long.MAX_VALUE - BOUND.toMillis();

    // guarded by this; "user channel", and when all nodes knew
    private final Map<String, Long> revoked = new HashMap<>();
    private long troubleUntil;

    /** Nobody may ever read {@code secret-…}, and only those who signed in may read {@code members-…}. */
    static boolean couldRead(String user, String channel) {
        return !channel.startsWith("secret-") && !(channel.startsWith("members-") && user.isEmpty());
    }

    /** Whether the event may be shown to the user now. */
    synchronized boolean mayShow(String user, Token token) {
        Long known = revoked.get(user + ' ' + token.channel());
        boolean isRevoked = known != null && token.at() > Math.max(known, troubleUntil) + BOUND.toMillis();
        return couldRead(user, token.channel()) && !isRevoked;
    }

    synchronized boolean isRevoked(String user, String channel) {
        return revoked.containsKey(user + ' ' + channel);
    }

    synchronized void revoke(String user, String channel) {
        revoked.put(user + ' ' + channel, NOT_YET);
    }

    /** Every node that runs knows of it. */
    synchronized void known(String user, String channel, long nowMillis) {
        revoked.computeIfPresent(user + ' ' + channel, (pair, before) -> nowMillis);
    }

    synchronized void grant(String user, String channel) {
        revoked.remove(user + ' ' + channel);
    }

    /** Asking for permissions may hang until then. */
    synchronized void trouble(long untilMillis) {
        troubleUntil = Math.max(troubleUntil, untilMillis);
    }

    /** All "user channel" pairs that are revoked, for the nodes. */
    synchronized List<String> pairs() {
        return List.copyOf(new TreeSet<>(revoked.keySet()));
    }

    /** Whether any of the channels is taken from the user at the moment. */
    synchronized boolean isAnyRevoked(String user, Set<String> channels) {
        return channels.stream().anyMatch(channel -> revoked.containsKey(user + ' ' + channel));
    }
}
