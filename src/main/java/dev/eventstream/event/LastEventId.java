package dev.eventstream.event;

import dev.eventstream.channel.ChannelName;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reader's position in several channels: every {@code id:} line contains it, and a client sends it when it returns.
 *
 * <p>On the wire {@code name=epoch-sequence}, entries joined by {@code ,} and sorted by name, names percent-encoded; only
 * CORS-safelisted bytes, so that no browser preflights a reconnect because of them (Fetch standard, 2.2.2).
 *
 * <p>Immutable.
 */
public final class LastEventId {
    /** A position in no channel. */
    public static final LastEventId EMPTY = new LastEventId(new TreeMap<>());

    /** Longest wire form that is read, in characters. */
    public static final int MAX_LENGTH = 65_536;

    private static final Pattern ENTRY = Pattern.compile("(?<name>[^=:]+)(?:=(?<position>.+)|:(?<django>[0-9]{1,18}))");

    private final NavigableMap<ChannelName, EventId> positions;

    private LastEventId(NavigableMap<ChannelName, EventId> positions) {
        this.positions = positions;
    }

    /** The given positions. */
    public static LastEventId of(Map<ChannelName, EventId> positions) {
        return new LastEventId(new TreeMap<>(positions));
    }

    /**
     * Reads the position of a returning client, such as {@code alerts=k3f9x2-7,orders=m1n2b3-41}.
     *
     * <p>Also reads django-eventstream's {@code orders:41}. Without an epoch it cannot be a position in a current log, so it
     * becomes a position that is never honoured, and its channel is reset.
     *
     * @param wire the raw value, at most {@value #MAX_LENGTH} characters; empty means {@link #EMPTY}
     * @throws BadLastEventIdException if an entry is malformed or a channel appears twice
     */
    public static LastEventId parse(String wire) {
        if (wire.length() > MAX_LENGTH) {
            throw new BadLastEventIdException(
                    "Last-Event-ID has " + wire.length() + " characters; allowed are at most " + MAX_LENGTH);
        }
        NavigableMap<ChannelName, EventId> positions = new TreeMap<>();
        if (!wire.isEmpty()) {
            for (String entry : wire.split(",", -1)) {
                addEntry(entry, positions);
            }
        }
        return new LastEventId(positions);
    }

    private static void addEntry(String entry, Map<ChannelName, EventId> positions) {
        try {
            Matcher matcher = ENTRY.matcher(entry);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("it is not of the form name=epoch-sequence");
            }
            ChannelName channel = ChannelName.decode(matcher.group("name"));
            String position = matcher.group("position");
            if (positions.put(channel, position == null ? foreign(matcher.group("django")) : EventId.parse(position))
                    != null) {
                throw new IllegalArgumentException("its channel appears twice");
            }
        } catch (IllegalArgumentException e) {
            throw new BadLastEventIdException(entry, e);
        }
    }

    private static EventId foreign(String sequence) {
        return new EventId(EventId.FOREIGN_EPOCH, Math.max(1, Long.parseLong(sequence)));
    }

    /** The position in that channel, if there is one. */
    public Optional<EventId> in(ChannelName channel) {
        return Optional.ofNullable(positions.get(channel));
    }

    /** The positions by channel, sorted by name; cannot be changed. */
    public NavigableMap<ChannelName, EventId> positions() {
        return Collections.unmodifiableNavigableMap(positions);
    }

    /** The same positions, with another one in that channel. */
    public LastEventId with(ChannelName channel, EventId position) {
        NavigableMap<ChannelName, EventId> changed = new TreeMap<>(positions);
        changed.put(channel, position);
        return new LastEventId(changed);
    }

    /** Only the positions in the given channels. */
    public LastEventId onlyIn(Collection<ChannelName> channels) {
        NavigableMap<ChannelName, EventId> kept = new TreeMap<>(positions);
        kept.keySet().retainAll(Set.copyOf(channels));
        return new LastEventId(kept);
    }

    public boolean isEmpty() {
        return positions.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LastEventId that && positions.equals(that.positions);
    }

    @Override
    public int hashCode() {
        return positions.hashCode();
    }

    /** The wire form. */
    @Override
    public String toString() {
        StringBuilder wire = new StringBuilder(32 * positions.size());
        positions.forEach((channel, position) -> wire.append(wire.isEmpty() ? "" : ",")
                .append(channel.encoded())
                .append('=')
                .append(position));
        return wire.toString();
    }
}
