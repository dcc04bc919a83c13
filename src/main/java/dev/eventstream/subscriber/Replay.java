package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Composes what a reader missed, a page at a time: from the recent tail of a channel if that reaches back far enough, else
 * from the log.
 *
 * <p>Thread-safe. Blocks while the database works.
 */
final class Replay {
    private final Feeds feeds;
    private final SharedPages pages;

    Replay(Feeds feeds, SharedPages pages) {
        this.feeds = feeds;
        this.pages = pages;
    }

    /** Whose word is taken that a channel has nothing more. */
    enum Trust {
        /** The recent tails', which may be behind what other nodes have sent; for streams of this JVM, which get it then. */
        TAILS,
        /** The log's only. */
        LOG
    }

    /**
     * Some of what a reader missed.
     *
     * @param bytes the frames; empty if nothing was missed
     * @param position where the reader stands after them
     * @param events how many events the frames show
     */
    record Page(byte[] bytes, LastEventId position, int events) {
        boolean isEmpty() {
            return bytes.length == 0;
        }
    }

    /**
     * The next page after a position: events of the first channel in which any are missing.
     *
     * @param channels the stored channels of the stream; each has a position
     * @param maxEvents events in the page at most
     * @param maxBytes no further event is added once the page has so many bytes
     * @param trust whose word it takes that nothing was missed
     */
    Page next(
            LastEventId position, List<ChannelName> channels, Reader reader, int maxEvents, int maxBytes, Trust trust) {
        for (ChannelName channel : channels) {
            EventId after = position.in(channel).orElse(EventId.NONE);
            SharedPages.Found found = find(channel, after, trust);
            if (found instanceof SharedPages.Found.PositionUnavailable lost) {
                LastEventId reset = position.with(channel, lost.newest());
                byte[] bytes = EventStreamEncoder.encode(new StreamFrame.Reset(List.of(channel), reset));
                return new Page(bytes, reset, 0);
            }
            List<EncodedEvent> events = ((SharedPages.Found.Events) found).events();
            if (!events.isEmpty()) {
                return compose(position, channel, events, reader, maxEvents, maxBytes);
            }
        }
        return new Page(new byte[0], position, 0);
    }

    private SharedPages.Found find(ChannelName channel, EventId after, Trust trust) {
        Optional<List<EncodedEvent>> recent = feeds.get(channel).after(after);
        boolean answered =
                recent.isPresent() && !(trust == Trust.LOG && recent.get().isEmpty());
        return answered ? new SharedPages.Found.Events(recent.get()) : pages.readAfter(channel, after);
    }

    /** The events as frames, each with the position after it; one that the reader must not see only moves the position. */
    static Page compose(
            LastEventId from,
            ChannelName channel,
            List<EncodedEvent> events,
            Reader reader,
            int maxEvents,
            int maxBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LastEventId position = from;
        int shown = 0;
        for (EncodedEvent event : events) {
            if (shown >= maxEvents || out.size() >= maxBytes) {
                break;
            }
            position = position.with(channel, event.id());
            if (isSkipped(event, reader)) {
                out.writeBytes(EventStreamEncoder.encode(new StreamFrame.Advance(position)));
            } else {
                out.writeBytes(EventStreamEncoder.id(position));
                out.writeBytes(event.body());
                shown++;
            }
        }
        return new Page(out.toByteArray(), position, shown);
    }

    static boolean isSkipped(EncodedEvent event, Reader reader) {
        return !event.skipUsers().isEmpty()
                && reader.user().filter(event.skipUsers()::contains).isPresent();
    }
}
