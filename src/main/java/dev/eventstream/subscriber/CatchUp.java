package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where a reader's stream starts, and the first of what the reader missed.
 *
 * <p>Thread-safe. Blocks while the database works; readers who come at once share queries.
 */
public final class CatchUp {
    /** Events in a first answer, at most. */
    static final int FIRST_EVENTS = 100;

    /** Bytes of events in a first answer, beyond which no further event is added. */
    static final int FIRST_BYTES = 64 << 10;

    private final Feeds feeds;
    private final Replay replay;

    CatchUp(Feeds feeds, Replay replay) {
        this.feeds = feeds;
        this.replay = replay;
    }

    /**
     * The start of a stream.
     *
     * @param start where it starts: what the reader asked for, the newest event where it asked for nothing
     * @param frames the first of what the reader missed, resets included; may be empty
     * @param place where the stream stands after the frames
     */
    public record Beginning(LastEventId start, byte[] frames, LastEventId place) {}

    /**
     * Begins a stream. Places in channels that are not asked for are ignored.
     *
     * @param channels what is to be read, and may be
     * @param asked what a returning client says it saw last; empty for a new one
     * @throws dev.eventstream.store.EventStoreException if the log cannot be read
     */
    public Beginning begin(Collection<ChannelName> channels, LastEventId asked, Reader reader) {
        List<ChannelName> reliable =
                channels.stream().filter(feeds::isReliable).sorted().toList();
        LastEventId start = start(reliable, asked);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        LastEventId place = start;
        int events = 0;
        while (events < FIRST_EVENTS && frames.size() < FIRST_BYTES) {
            Replay.Page page = replay.next(place, reliable, reader, FIRST_EVENTS - events, FIRST_BYTES - frames.size());
            if (page.isEmpty()) {
                break;
            }
            frames.writeBytes(page.bytes());
            place = page.place();
            events += page.events();
        }
        return new Beginning(start, frames.toByteArray(), place);
    }

    private LastEventId start(List<ChannelName> reliable, LastEventId asked) {
        Map<ChannelName, EventId> newest = feeds.newest(reliable);
        Map<ChannelName, EventId> start = new HashMap<>();
        for (ChannelName channel : reliable) {
            start.put(channel, asked.in(channel).orElseGet(() -> newest.getOrDefault(channel, EventId.NONE)));
        }
        return LastEventId.of(start);
    }
}
