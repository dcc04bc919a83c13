package dev.eventstream.presence;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The readers of all channels: the sum of what this node, the other nodes and the proxies report.
 *
 * <p>Thread-safe.
 */
final class PresentReaders {
    private final boolean isWatched;

    // guarded by this
    private final Map<String, ReaderCounts> sources = new HashMap<>();
    private final Map<ChannelName, Channel> channels = new HashMap<>();
    private Set<Attendee> changed = new HashSet<>();

    /** The streams of one channel. */
    private static final class Channel {
        private final Map<String, Integer> users = new HashMap<>();
        private int unnamed;
        private int streams;

        /** Adds streams of a reader; returns whether the reader came or went. */
        boolean add(@Nullable String user, int more) {
            streams += more;
            if (user == null) {
                unnamed += more;
                return false;
            }
            int now = users.merge(user, more, Integer::sum);
            if (now <= 0) {
                users.remove(user);
            }
            return now <= 0 || now == more;
        }
    }

    /** @param isWatched whether {@link #takeChanged()} is used */
    PresentReaders(boolean isWatched) {
        this.isWatched = isWatched;
    }

    /**
     * Sets how many streams of a reader a source has.
     *
     * @return whether there was room
     */
    synchronized boolean set(String source, Attendee attendee, int streams) {
        ReaderCounts counts = sources.computeIfAbsent(source, unused -> new ReaderCounts());
        int before = counts.of(attendee);
        if (!counts.set(attendee, streams)) {
            return false;
        }
        add(attendee, Math.max(0, streams) - before);
        return true;
    }

    private void add(Attendee attendee, int more) {
        if (more == 0) {
            return;
        }
        Channel channel = channels.computeIfAbsent(attendee.channel(), unused -> new Channel());
        boolean hasChanged = channel.add(attendee.user(), more);
        if (channel.streams == 0) {
            channels.remove(attendee.channel());
        }
        if (hasChanged && isWatched) {
            changed.add(attendee);
        }
    }

    /**
     * Replaces everything that a source has reported.
     *
     * @return whether there was room
     */
    synchronized boolean replace(String source, Map<Attendee, Integer> reported) {
        Map<Attendee, Integer> before = of(source);
        before.keySet().stream()
                .filter(attendee -> !reported.containsKey(attendee))
                .forEach(gone -> set(source, gone, 0));
        boolean isComplete = true;
        for (Map.Entry<Attendee, Integer> entry : reported.entrySet()) {
            isComplete &= set(source, entry.getKey(), entry.getValue());
        }
        return isComplete;
    }

    /** Removes everything that a source has reported. */
    synchronized void remove(String source) {
        of(source).forEach((attendee, streams) -> add(attendee, -streams));
        sources.remove(source);
    }

    /** What a source has reported. */
    synchronized Map<Attendee, Integer> of(String source) {
        ReaderCounts counts = sources.get(source);
        return counts == null ? Map.of() : counts.all();
    }

    /** How many streams of a reader a source has. */
    synchronized int of(String source, Attendee attendee) {
        ReaderCounts counts = sources.get(source);
        return counts == null ? 0 : counts.of(attendee);
    }

    /** The readers of a channel. */
    Presence of(ChannelName channel, boolean isComplete) {
        List<String> users;
        int unnamed;
        int streams;
        synchronized (this) {
            Channel found = channels.get(channel);
            if (found == null) {
                return new Presence(channel, 0, 0, List.of(), isComplete);
            }
            users = new ArrayList<>(found.users.keySet());
            unnamed = found.unnamed;
            streams = found.streams;
        }
        users.sort(Comparator.naturalOrder()); // without the lock: there may be many
        return new Presence(channel, users.size() + unnamed, streams, users, isComplete);
    }

    /** How many readers a channel has. */
    synchronized int count(ChannelName channel) {
        Channel found = channels.get(channel);
        return found == null ? 0 : found.users.size() + found.unnamed;
    }

    /** Whether a user reads a channel. */
    synchronized boolean isPresent(Attendee attendee) {
        Channel found = channels.get(attendee.channel());
        return found != null && found.users.containsKey(attendee.user());
    }

    /** The users who came or went since the last call, possibly both. */
    synchronized Set<Attendee> takeChanged() {
        Set<Attendee> taken = changed;
        changed = new HashSet<>();
        return taken;
    }

    /** The streams of all channels; a stream of two channels counts twice. */
    synchronized int streams() {
        return channels.values().stream().mapToInt(channel -> channel.streams).sum();
    }

    /** The channels that have readers. */
    synchronized int channels() {
        return channels.size();
    }
}
