package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.PositionReset;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.stream.StreamView;
import java.util.List;
import java.util.Optional;

/**
 * Composes what a reader missed, one page at a time: from the tail of a channel if that reaches back far enough, otherwise from
 * the log. Of a latest channel, a reader misses only the newest event.
 *
 * <p>Thread-safe. Blocks while the database works.
 */
final class Replay {
    private static final int RECENT_EVENTS = 1_000;

    private final Feeds feeds;
    private final SharedPages pages;

    Replay(Feeds feeds, SharedPages pages) {
        this.feeds = feeds;
        this.pages = pages;
    }

    /** The source that decides whether a channel has newer events. */
    enum Trust {
        /**
         * As {@link #TAILS}. The reader is new: its position before any event was not caused by the loss of a log, of which a feed may
         * not know yet.
         */
        TAILS_OF_NEW_READER,
        /** The feeds, which may not have everything that other nodes sent; streams on this node get the rest live. */
        TAILS,
        /** Only the log. */
        LOG
    }

    /**
     * Part of what a reader missed.
     *
     * @param bytes the frames; empty if nothing was missed
     * @param position the reader's position after them
     * @param events how many events the frames show
     * @param kind what the page is
     */
    record Page(byte[] bytes, LastEventId position, int events, Kind kind) {
        enum Kind {
            EVENTS,
            /** A position could not be honoured. */
            RESET,
            /** Nothing was missed. */
            NOTHING,
            /** Nothing was missed, and nothing will follow, because all channels are finished. */
            END
        }

        boolean isEmpty() {
            return bytes.length == 0;
        }

        /** The resets in this page, for a reader that has reached a position before it. */
        List<PositionReset> resetsFrom(LastEventId before) {
            return kind == Kind.RESET ? PositionReset.between(before, position) : List.of();
        }
    }

    /**
     * The next page after a position: events of the first channel in which the reader missed any.
     *
     * @param channels the stored channels of the stream; each has a position
     * @param maxEvents most events in the page
     * @param maxBytes no event is added that would make the page longer, unless it is the first
     * @param trust decides whether anything was missed
     */
    Page next(
            LastEventId position,
            List<ChannelName> channels,
            StreamView view,
            int maxEvents,
            int maxBytes,
            Trust trust) {
        boolean isFinished = !channels.isEmpty();
        for (ChannelName channel : channels) {
            EventId after = position.in(channel).orElse(EventId.NONE);
            boolean isLatest = feeds.isLatest(channel);
            SharedPages.Found found = isLatest ? findNewest(channel, after, trust) : find(channel, after, trust);
            if (found instanceof SharedPages.Found.PositionUnavailable lost) {
                LastEventId moved = position.with(channel, lost.end().newest());
                return isLatest
                        ? new Page(
                                EventStreamEncoder.encode(new StreamFrame.Advance(moved)), moved, 0, Page.Kind.EVENTS)
                        : new Page(
                                EventStreamEncoder.encode(new StreamFrame.Reset(List.of(channel), moved)),
                                moved,
                                0,
                                Page.Kind.RESET);
            }
            SharedPages.Found.Events next = (SharedPages.Found.Events) found;
            if (!next.events().isEmpty()) {
                return compose(position, channel, next.events(), view, maxEvents, maxBytes);
            }
            isFinished &= next.isFinished();
        }
        return new Page(new byte[0], position, 0, isFinished ? Page.Kind.END : Page.Kind.NOTHING);
    }

    private SharedPages.Found find(ChannelName channel, EventId after, Trust trust) {
        Optional<ChannelFeed> feed = feeds.find(channel);
        Optional<List<EncodedEvent>> recent =
                feed.flatMap(found -> found.after(after, RECENT_EVENTS)).map(ChannelFeed.Recent::events);
        boolean answered =
                recent.isPresent() && !(trust == Trust.LOG && recent.get().isEmpty());
        return answered
                ? new SharedPages.Found.Events(recent.get(), true, feed.get().isFinishedAt(after))
                : pages.readAfter(channel, after);
    }

    /**
     * The newest event of a latest channel if the reader has not seen it. The events before it are skipped, whatever the reader's position
     * is, so an unavailable position does not mean a loss.
     */
    private SharedPages.Found findNewest(ChannelName channel, EventId after, Trust trust) {
        Optional<ChannelFeed> feed = feeds.find(channel);
        Optional<List<EncodedEvent>> recent = feed.flatMap(found -> found.newestAfter(after));
        boolean mayBeGone = after.isNone() && trust != Trust.TAILS_OF_NEW_READER;
        boolean needsLog = mayBeGone || (trust == Trust.LOG && recent.stream().anyMatch(List::isEmpty));
        if (recent.isPresent() && !needsLog) {
            return new SharedPages.Found.Events(recent.get(), true, feed.get().isFinishedAt(after));
        }
        SharedPages.Newest newest = pages.newest(channel);
        EventId end = newest.end().newest();
        if (end.equals(after)) {
            return new SharedPages.Found.Events(List.of(), false, newest.end().isFinished());
        }
        boolean isSameLog = end.epoch().equals(after.epoch());
        List<EncodedEvent> unseen = Tail.newestOf(newest.events(), isSameLog ? after.sequence() : 0);
        return unseen.isEmpty()
                ? new SharedPages.Found.PositionUnavailable(newest.end())
                : new SharedPages.Found.Events(unseen, true, false);
    }

    /**
     * The events as frames, each with the position after it. An event that the reader must not see only moves the position. Events of
     * types that the stream does not show only affect the position of the next frame, which may be the position alone.
     */
    static Page compose(
            LastEventId from,
            ChannelName channel,
            List<EncodedEvent> events,
            StreamView view,
            int maxEvents,
            int maxBytes) {
        FrameWriter frames = new FrameWriter(from);
        int shown = 0;
        int around = 0; // the bytes of a frame that are not of its event
        for (EncodedEvent event : events) {
            boolean isFull = frames.size() > 0 && frames.size() + around + event.length() > maxBytes;
            if (shown >= maxEvents || isFull) {
                break;
            }
            if (view.types().shows(event.type())) {
                int before = frames.size();
                boolean hidden = event.isHiddenFrom(view.reader());
                frames.stored(channel, event, hidden);
                around = Math.max(around, frames.size() - before - event.length());
                shown += hidden ? 0 : 1;
            } else {
                frames.skip(channel, event);
            }
        }
        frames.tellPosition();
        return new Page(frames.bytes(), frames.position(), shown, Page.Kind.EVENTS);
    }
}
