package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.PositionReset;
import dev.eventstream.stream.TypeFilter;
import java.time.Duration;
import java.util.List;

/**
 * What an open stream was doing at a moment.
 *
 * <p>Immutable.
 *
 * @param number distinguishes it from the other streams that this node has had since it started
 * @param client the address of its client, as the limits count it
 * @param channels all of its channels, sorted by name
 * @param types the types of events that it shows
 * @param age the time since its request
 * @param pendingBytes what its client has yet to read
 * @param start where it started
 * @param position where it is now. While it catches up, that may be a page behind
 * @param resets the newest of its resets, in order
 */
public record StreamInfo(
        long number,
        Reader reader,
        String client,
        List<ChannelName> channels,
        TypeFilter types,
        Progress progress,
        Duration age,
        long pendingBytes,
        LastEventId start,
        LastEventId position,
        List<PositionReset> resets) {

    /** What a stream is doing. */
    public enum Progress {
        /** It has everything that its channels have on this node. */
        LIVE("live"),
        /** It reads what it missed. */
        CATCHING_UP("catching up"),
        /** It waits for its turn to catch up, or for memory, the database or a feed. */
        WAITING("waiting"),
        /** It gets nothing until its client has read what is pending. */
        SLOW("slow client");

        private final String label;

        Progress(String label) {
            this.label = label;
        }

        /** For people. */
        public String label() {
            return label;
        }
    }

    static StreamInfo of(Subscription subscription, LastEventId position, long nowNanos) {
        return new StreamInfo(
                subscription.number(),
                subscription.reader(),
                subscription.client(),
                subscription.channels(),
                subscription.view().types(),
                progress(subscription.state()),
                Duration.ofNanos(Math.max(0, nowNanos - subscription.admission().requestedNanos())),
                subscription.sink().pendingBytes(),
                subscription.start(),
                position,
                subscription.resets());
    }

    private static Progress progress(Subscription.State state) {
        return switch (state) {
            case LIVE -> Progress.LIVE;
            case CATCHING_UP -> Progress.CATCHING_UP;
            case DRAINING -> Progress.SLOW;
            case NEW, WAITING, ENDED -> Progress.WAITING;
        };
    }
}
