package dev.eventstream.torture;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The permissions, as the coordinator knows them.
 *
 * <p>A revocation must take effect on all nodes {@link #BOUND} after one node knows of it, and {@link #BOUND} after the last
 * trouble with the database, the bus or a stopped node: the bus carries it to the other nodes, and permissions are checked on
 * threads that also read the database. Later events must not reach the user.
 *
 * <p>Thread-safe.
 */
final class Permissions {
    static final Duration BOUND = Duration.ofSeconds(5);

    private static final long NOT_YET = Long.MAX_VALUE - BOUND.toMillis();

    // guarded by this; "user channel", and when a node knew
    private final Map<String, Long> revoked = new HashMap<>();
    private long troubleUntil;

    /**
     * No reader may ever read {@code secret-…}; only signed-in users may read {@code members-…}, and only the user itself
     * {@code mine-…}.
     */
    static boolean couldRead(String user, String channel) {
        return !channel.startsWith("secret-")
                && !(channel.startsWith("members-") && user.isEmpty())
                && (!channel.startsWith("mine-") || channel.equals(Channels.own(user)));
    }

    /** Whether the user may receive the event now. */
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

    /** Records that a node knows of it. */
    synchronized void known(String user, String channel, long nowMillis) {
        revoked.computeIfPresent(user + ' ' + channel, (pair, before) -> nowMillis);
    }

    synchronized void grant(String user, String channel) {
        revoked.remove(user + ' ' + channel);
    }

    /** Whether a change that a node has known since then may still be unknown to the others. */
    synchronized boolean mayWait(long sinceMillis, long nowMillis) {
        return nowMillis <= Math.max(sinceMillis, troubleUntil) + BOUND.toMillis();
    }

    /** Records that checks of permissions, and messages about them, may hang until then. */
    synchronized void trouble(long untilMillis) {
        troubleUntil = Math.max(troubleUntil, untilMillis);
    }

    /** Until when, in milliseconds, the last trouble lasts. */
    synchronized long troubleUntil() {
        return troubleUntil;
    }

    /** All revoked "user channel" pairs, for the nodes. */
    synchronized List<String> pairs() {
        return List.copyOf(new TreeSet<>(revoked.keySet()));
    }

    /** Whether the user's permission for any of the channels is revoked now. */
    synchronized boolean isAnyRevoked(String user, Set<String> channels) {
        return channels.stream().anyMatch(channel -> revoked.containsKey(user + ' ' + channel));
    }
}
