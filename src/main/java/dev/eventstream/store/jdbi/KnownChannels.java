package dev.eventstream.store.jdbi;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.eventstream.channel.ChannelName;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Channels that are known to have a row, so that an append need not look it up. No part of the bundle deletes rows. If another
 * program does, {@link #forget} makes the next append look again.
 *
 * <p>Keeps up to {@value #MOST} channels, preferably those that are used most. Thread-safe.
 */
final class KnownChannels {
    private static final int MOST = 10_000;

    private final Set<ChannelName> names = Collections.newSetFromMap(Caffeine.newBuilder()
            .maximumSize(MOST)
            .<ChannelName, Boolean>build()
            .asMap());

    /** Returns those of the channels that may have no row. */
    SortedSet<ChannelName> unknown(SortedSet<ChannelName> channels) {
        SortedSet<ChannelName> unknown = new TreeSet<>(channels);
        unknown.removeIf(names::contains);
        return unknown;
    }

    /** Remembers that these channels have committed rows. */
    void add(Collection<ChannelName> channels) {
        names.addAll(channels);
    }

    void forget(Collection<ChannelName> channels) {
        names.removeAll(channels);
    }
}
