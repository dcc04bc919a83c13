package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.OutboxEntry;
import java.util.Comparator;

/**
 * A row of {@code eventstream_outbox}, with the name and epoch of its channel. Ordered by primary key.
 *
 * <p>Immutable.
 *
 * @param dueAt in milliseconds since 1970
 */
record OutboxRow(String channel, String epoch, long channelId, long first, long last, long dueAt)
        implements Comparable<OutboxRow> {
    private static final Comparator<OutboxRow> PRIMARY_KEY =
            Comparator.comparingLong(OutboxRow::channelId).thenComparingLong(OutboxRow::last);

    /** A row that was not read, so the time at which it is due is unknown. */
    static OutboxRow of(OutboxEntry events, ChannelRow channel) {
        return new OutboxRow(
                channel.name().value(),
                channel.epoch(),
                channel.id(),
                events.first().sequence(),
                events.last().sequence(),
                0);
    }

    OutboxEntry events() {
        return new OutboxEntry(new ChannelName(channel), new EventId(epoch, first), new EventId(epoch, last));
    }

    @Override
    public int compareTo(OutboxRow other) {
        return PRIMARY_KEY.compare(this, other);
    }
}
