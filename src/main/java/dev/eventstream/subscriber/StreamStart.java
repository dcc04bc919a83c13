package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.store.StartLimit;
import dev.eventstream.stream.PositionReset;
import dev.eventstream.stream.StreamView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where a reader's stream starts, and the first part of what the reader missed.
 *
 * <p>Thread-safe. Blocks while the database works; readers that arrive at the same time share queries.
 */
public final class StreamStart {
    /** Most events in a first answer. */
    static final int FIRST_EVENTS = 100;

    /** Most events in a further answer. */
    static final int NEXT_EVENTS = 1_000;

    /** The longest first answer, unless its first event is longer. */
    static final int FIRST_BYTES = 64 << 10;

    private static final int START_ATTEMPTS = 3;

    /** The most pages of an answer in which no event has a type that the stream shows. */
    private static final int SILENT_PAGES = 16;

    private final Feeds feeds;
    private final StartPositions starts;
    private final Replay replay;
    private final MemoryBudget memory;

    StreamStart(Feeds feeds, StartPositions starts, Replay replay, MemoryBudget memory) {
        this.feeds = feeds;
        this.starts = starts;
        this.replay = replay;
        this.memory = memory;
    }

    /**
     * Part of what a reader missed.
     *
     * @param frames including resets; may be empty
     * @param position the stream's position after the frames
     * @param hasMore whether more may have been missed
     * @param isFinished whether all stored channels are finished, and the position is where they end
     * @param resets the resets among the frames
     */
    public record Missed(
            byte[] frames, LastEventId position, boolean hasMore, boolean isFinished, List<PositionReset> resets) {}

    /**
     * The start of a stream.
     *
     * @param start where it starts: at the position that the reader stated; otherwise as far back as its limit admits, or before the
     *     newest event if the channel is latest
     * @param missed the first part of what the reader missed
     * @param isEnd whether nothing follows {@code missed}, because all channels are finished
     */
    public record Beginning(LastEventId start, Missed missed, boolean isEnd) {
        /** Whether the reader comes back from the end of all channels, so that there is nothing left for it. */
        public boolean isBehindEnd(LastEventId asked) {
            return isEnd && asked.onlyIn(start.positions().keySet()).equals(missed.position());
        }
    }

    /** Those of the channels that are stored, sorted. */
    public List<ChannelName> stored(Collection<ChannelName> channels) {
        return channels.stream().filter(feeds::isStored).sorted().toList();
    }

    /** How many channels this node would follow if it followed these, too. */
    public int feedsWith(Collection<ChannelName> channels) {
        return feeds.sizeWith(channels);
    }

    /**
     * Begins a stream. Positions in other channels are ignored. Events that another node sent a moment ago may not be visible yet;
     * the holder delivers them later. While memory is short, the answer has none of the missed events: the
     * stream catches up once there is room.
     *
     * @param channels those that the reader asked for and may read
     * @param asked the {@code Last-Event-ID} of a returning client; empty for a new one
     * @param limit how far back the stream starts in the channels for which the client states no position
     * @throws dev.eventstream.store.EventStoreException if the log cannot be read
     */
    public Beginning begin(Collection<ChannelName> channels, LastEventId asked, StartLimit limit, StreamView view) {
        List<ChannelName> stored = stored(channels);
        boolean isAll = stored.size() == channels.size();
        Replay.Trust trust = asked.isEmpty() ? Replay.Trust.TAILS_OF_NEW_READER : Replay.Trust.TAILS;
        Beginning beginning = begin(stored, start(stored, asked, limit), view, isAll, trust);
        // a trim may have removed the first event in the meantime; the reader asked for what there is, not for a reset
        for (int i = 1; i < START_ATTEMPTS && !beginning.missed().resets().isEmpty() && !limit.isNow(); i++) {
            beginning = begin(stored, start(stored, asked, limit), view, isAll, trust);
        }
        return beginning;
    }

    private Beginning begin(
            List<ChannelName> stored, LastEventId start, StreamView view, boolean isAll, Replay.Trust trust) {
        Missed missed = memory.hasRoom()
                ? missed(stored, start, view, FIRST_EVENTS, FIRST_BYTES, trust)
                : new Missed(new byte[0], start, !stored.isEmpty(), false, List.of());
        if (missed.isFinished()) { // unless another node has just reopened a channel
            missed = missed(stored, start, view, FIRST_EVENTS, FIRST_BYTES, Replay.Trust.LOG);
        }
        return new Beginning(start, missed, missed.isFinished() && isAll);
    }

    /**
     * Continues a stream that this JVM does not hold. Everything that was committed before the call is visible.
     *
     * @param stored stored channels, each with a position
     * @param maxBytes how long the frames may be; they are longer if the first event is, and a little longer because of positions
     * @throws dev.eventstream.store.EventStoreException if the log cannot be read
     */
    public Missed after(LastEventId position, List<ChannelName> stored, StreamView view, int maxBytes) {
        return missed(stored, position, view, NEXT_EVENTS, maxBytes, Replay.Trust.LOG);
    }

    private Missed missed(
            List<ChannelName> stored,
            LastEventId start,
            StreamView view,
            int maxEvents,
            int maxBytes,
            Replay.Trust trust) {
        GrowingBytes frames = new GrowingBytes();
        LastEventId position = start;
        int events = 0;
        int silentPages = 0;
        List<PositionReset> resets = new ArrayList<>(0);
        while (events < maxEvents && frames.size() < maxBytes && silentPages < SILENT_PAGES) {
            Replay.Page page = replay.next(position, stored, view, maxEvents - events, maxBytes - frames.size(), trust);
            if (page.isEmpty()) {
                boolean isFinished = page.kind() == Replay.Page.Kind.END;
                return new Missed(frames.toArray(), position, false, isFinished, resets);
            }
            if (frames.size() > 0 && frames.size() + page.bytes().length > maxBytes) {
                break; // its first event is too long for the rest
            }
            frames.add(page.bytes());
            resets.addAll(page.resetsFrom(position));
            position = page.position();
            events += page.events();
            silentPages += page.events() == 0 && page.kind() != Replay.Page.Kind.RESET ? 1 : 0;
        }
        return new Missed(frames.toArray(), position, true, false, resets);
    }

    private LastEventId start(List<ChannelName> stored, LastEventId asked, StartLimit limit) {
        // needed for every start: loaded feeds tell the replay where the channels end, without a query for each
        Map<ChannelName, EventId> unstated = feeds.newest(stored);
        if (!limit.isNow()) {
            unstated = starts.find(
                    stored.stream()
                            .filter(channel -> asked.in(channel).isEmpty() && !feeds.isLatest(channel))
                            .toList(),
                    limit);
        }
        Map<ChannelName, EventId> start = new HashMap<>();
        for (ChannelName channel : stored) {
            EventId otherwise = feeds.isLatest(channel) ? EventId.NONE : unstated.getOrDefault(channel, EventId.NONE);
            start.put(channel, asked.in(channel).orElse(otherwise));
        }
        return LastEventId.of(start);
    }
}
