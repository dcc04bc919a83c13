package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.Unannounced;
import java.util.Comparator;

/**
 * A row of {@code eventstream_unannounced}, with what the channel's row says of it. In the order of the primary key.
 *
 * <p>Immutable.
 *
 * @param dueAt in milliseconds since 1970
 */
record AnnouncementRow(String channel, String epoch, long channelId, long first, long last, long dueAt)
        implements Comparable<AnnouncementRow> {
    private static final Comparator<AnnouncementRow> PRIMARY_KEY =
            Comparator.comparingLong(AnnouncementRow::channelId).thenComparingLong(AnnouncementRow::last);

    /** What is known of a row that was not read. */
    static AnnouncementRow of(Unannounced events, ChannelRow channel) {
        return new AnnouncementRow(
                channel.name().value(),
                channel.epoch(),
                channel.id(),
                events.first().sequence(),
                events.last().sequence(),
                0);
    }

    Unannounced events() {
        return new Unannounced(new ChannelName(channel), new EventId(epoch, first), new EventId(epoch, last));
    }

    @Override
    public int compareTo(AnnouncementRow other) {
        return PRIMARY_KEY.compare(this, other);
    }
}
