package dev.eventstream.store.jdbi;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.eventstream.channel.ChannelName;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Channels that have a row, so that an append need not look for it. No part of the bundle deletes rows; if another program does,
 * {@link #forget} makes the next append look again.
 *
 * <p>Thread-safe. Keeps the {@value #MOST} channels that are used most.
 */
final class KnownChannels {
    private static final int MOST = 10_000;

    private final Set<ChannelName> names = Collections.newSetFromMap(Caffeine.newBuilder()
            .maximumSize(MOST)
            .<ChannelName, Boolean>build()
            .asMap());

    /** Those of the channels that may have no row. */
    SortedSet<ChannelName> unknown(SortedSet<ChannelName> channels) {
        SortedSet<ChannelName> unknown = new TreeSet<>(channels);
        unknown.removeIf(names::contains);
        return unknown;
    }

    /** Notes that these channels have rows that are committed. */
    void add(Collection<ChannelName> channels) {
        names.addAll(channels);
    }

    void forget(Collection<ChannelName> channels) {
        names.removeAll(channels);
    }
}
