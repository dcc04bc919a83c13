package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Composes frames for streams that have the same position. From one event of a channel to the next, only that channel's entry in
 * the id line changes, so the rest of the line is encoded once for a run of events.
 *
 * <p>Confined to one thread.
 */
final class FrameWriter {
    private static final byte[] KEEP_ALIVE = EventStreamEncoder.encode(new StreamFrame.KeepAlive());

    private final GrowingBytes out = new GrowingBytes();
    private LastEventId position;

    /** The current run; {@link #position} does not include it yet. */
    private @Nullable Run run;

    private EventId last = EventId.NONE;
    private boolean isAhead;

    FrameWriter(LastEventId position) {
        this(position, false);
    }

    /**
     * @param isAhead whether the streams have reached the position without having been told
     */
    FrameWriter(LastEventId position, boolean isAhead) {
        this.position = position;
        this.isAhead = isAhead;
    }

    private record Run(ChannelName channel, byte[] beforeId, byte[] afterId) {}

    /**
     * Writes the next event of a stored channel, or only moves the position past it if it is hidden. The end of a channel moves the
     * position, too, but the client gets the new position with the next frame.
     */
    void stored(ChannelName channel, EncodedEvent event, boolean isHidden) {
        if (event.isEnd()) {
            tellPosition(); // that before the end
            run = run(channel);
            last = event.id();
            event.writeBody(out);
            return;
        }
        Run current = run(channel);
        last = event.id();
        isAhead = false;
        out.add(current.beforeId());
        event.writeId(out);
        out.add(current.afterId());
        if (isHidden) {
            out.add(KEEP_ALIVE);
        } else {
            event.writeBody(out);
        }
    }

    /** Moves the position past the next event of a stored channel without writing anything. */
    void skip(ChannelName channel, EncodedEvent event) {
        run = run(channel);
        last = event.id();
        isAhead = true;
    }

    /** Writes the position if the streams have not been told. */
    void tellPosition() {
        if (isAhead) {
            out.add(EventStreamEncoder.encode(new StreamFrame.Advance(position())));
            isAhead = false;
        }
    }

    /** Whether the streams have reached the position without having been told. */
    boolean isAhead() {
        return isAhead;
    }

    /** Writes an event that has no id. */
    void unstored(EncodedEvent event) {
        event.writeBody(out);
    }

    /** Writes that events of these unstored channels were lost. */
    void lost(List<ChannelName> channels) {
        out.add(EventStreamEncoder.encode(new StreamFrame.Reset(channels, position())));
        isAhead = false;
    }

    int size() {
        return out.size();
    }

    byte[] bytes() {
        return out.toArray();
    }

    /** The position of the streams after these frames. */
    LastEventId position() {
        endRun();
        return position;
    }

    private void endRun() {
        if (run != null) {
            position = position.with(run.channel(), last);
            run = null;
        }
    }

    private Run run(ChannelName channel) {
        Run current = run;
        if (current == null || !current.channel().equals(channel)) {
            endRun();
            current = begin(channel);
            run = current;
        }
        return current;
    }

    private Run begin(ChannelName channel) {
        NavigableMap<ChannelName, EventId> positions = position.positions();
        LastEventId before = LastEventId.of(positions.headMap(channel, false));
        LastEventId after = LastEventId.of(positions.tailMap(channel, false));
        String beforeId = "id: " + before + (before.isEmpty() ? "" : ",") + channel.encoded() + '=';
        return new Run(channel, ascii(beforeId), ascii((after.isEmpty() ? "" : "," + after) + '\n'));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
