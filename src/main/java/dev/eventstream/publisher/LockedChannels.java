package dev.eventstream.publisher;

import static java.util.Objects.requireNonNull;

import dev.eventstream.channel.ChannelName;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The channels that other transactions keep locked, and the sends that wait for each of them, in order of arrival.
 *
 * <p>A channel is tried again after a pause, which grows with every failure. A channel that no send waits for is
 * remembered for a while, so that the next send to it does not delay the others. At most {@value #MAX_REMEMBERED} such
 * channels are remembered.
 *
 * <p>Not thread-safe: {@link SendQueue} guards it. Times are those of its ticker.
 */
final class LockedChannels {
    /** The pause after the first failure; it doubles with each further one. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    /** How long a channel is remembered after its last failure if no send waits for it. */
    static final Duration MEMORY = Duration.ofMinutes(1);

    /** Channels that are remembered although no send waits for them. */
    static final int MAX_REMEMBERED = 1_000;

    private final Map<ChannelName, Locked> byName = new HashMap<>();
    private int waiting;

    private static final class Locked {
        private final ChannelName name;
        private final NavigableSet<PendingSend> sends = new TreeSet<>();
        private Duration pause = Duration.ZERO;
        private long failedAt;
        private long dueAt;

        Locked(ChannelName name) {
            this.name = name;
        }

        void failed(long now) {
            pause = pause.isZero() ? FIRST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
            failedAt = now;
            dueAt = now + pause.toNanos();
        }
    }

    /** A channel to try, and when. */
    record Due(ChannelName channel, long at) {}

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** How many sends wait for locked channels. */
    int waiting() {
        return waiting;
    }

    Stream<PendingSend> sends() {
        return byName.values().stream().flatMap(locked -> locked.sends.stream());
    }

    /** One of the send's channels that is known to be locked. */
    Optional<ChannelName> lockedOf(PendingSend send) {
        return byName.isEmpty()
                ? Optional.empty()
                : send.channels().stream().filter(byName::containsKey).findFirst();
    }

    /**
     * The channel that a refused send is to wait for: preferably one that is known to be locked. If another is locked too,
     * that shows when this one is free.
     *
     * @param refused the channels that an append reported as locked
     */
    ChannelName oneOf(PendingSend send, Set<ChannelName> refused) {
        return lockedOf(send)
                .filter(refused::contains)
                .or(() -> send.channels().stream().filter(refused::contains).findFirst())
                .orElseGet(() -> send.channels().iterator().next());
    }

    /** Records that an append was refused because of the channel's lock. */
    void failed(ChannelName channel, long now) {
        if (!byName.containsKey(channel)) {
            forgetOld(now);
        }
        byName.computeIfAbsent(channel, Locked::new).failed(now);
    }

    // channels that sends wait for stay; the number of sending threads limits them
    private void forgetOld(long now) {
        byName.values()
                .removeIf(locked -> locked.sends.isEmpty()
                        && (now - locked.failedAt > MEMORY.toNanos() || byName.size() >= MAX_REMEMBERED));
    }

    /** Has a send wait for a channel that is known to be locked. */
    void add(PendingSend send, ChannelName channel) {
        if (requireNonNull(byName.get(channel)).sends.add(send)) {
            waiting++;
        }
    }

    /** Has a send wait for a channel if one of its channels is known to be locked, and returns whether that is so. */
    boolean addIfLocked(PendingSend send) {
        Optional<ChannelName> channel = lockedOf(send);
        channel.ifPresent(name -> add(send, name));
        return channel.isPresent();
    }

    /** Removes a send, if it waits here. */
    boolean remove(PendingSend send) {
        for (ChannelName channel : send.channels()) {
            Locked locked = byName.get(channel);
            if (locked != null && locked.sends.remove(send)) {
                waiting--;
                return true;
            }
        }
        return false;
    }

    /** The channel that the send waits for. */
    Optional<ChannelName> channelOf(PendingSend send) {
        return send.channels().stream()
                .filter(channel -> {
                    Locked locked = byName.get(channel);
                    return locked != null && locked.sends.contains(send);
                })
                .findFirst();
    }

    /** The channel to try next, among those that sends wait for. */
    Optional<Due> next(long now) {
        return withSends()
                .min(Comparator.comparingLong(locked -> locked.dueAt - now))
                .map(locked -> new Due(locked.name, locked.dueAt));
    }

    /** The sends that wait for the channel, in order of arrival. */
    NavigableSet<PendingSend> sendsTo(ChannelName channel) {
        Locked locked = byName.get(channel);
        return locked == null ? new TreeSet<>() : locked.sends;
    }

    Probe probe(ChannelName channel) {
        boolean isAlone =
                sendsTo(channel).stream().allMatch(send -> send.channels().size() == 1);
        return new Probe(channel, (int) withSends().count(), isAlone);
    }

    /** Forgets unlocked channels, and returns the sends that waited for them. */
    Collection<PendingSend> release(Set<ChannelName> channels) {
        NavigableSet<PendingSend> released = new TreeSet<>();
        for (ChannelName channel : channels) {
            Locked locked = byName.remove(channel);
            if (locked != null) {
                released.addAll(locked.sends);
            }
        }
        waiting -= released.size();
        return released;
    }

    private Stream<Locked> withSends() {
        return byName.values().stream().filter(locked -> !locked.sends.isEmpty());
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
