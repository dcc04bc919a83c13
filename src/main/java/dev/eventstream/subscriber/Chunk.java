package dev.eventstream.subscriber;

import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.StreamView;
import java.util.List;

/**
 * Consecutive items of a batch as frames, for live streams that have the same position.
 *
 * <p>Immutable; the bytes are shared and must not be changed.
 *
 * @param bytes empty if the streams show none of the items
 * @param items how many items
 * @param shown how many of them the streams show
 * @param position the position of the streams after them
 * @param isAhead whether the streams have reached that position, and their clients have not been told
 */
record Chunk(byte[] bytes, int items, int shown, LastEventId position, boolean isAhead) {

    /**
     * Composes the first of the items.
     *
     * @param maxBytes no item is added once the chunk has this size
     * @param frames has the position of the streams
     */
    static Chunk compose(List<Batch.Item> items, int maxBytes, FrameWriter frames, StreamView view) {
        int next = 0;
        int shown = 0;
        while (next < items.size() && (next == 0 || frames.size() < maxBytes)) {
            shown += write(items.get(next++), view, frames) ? 1 : 0;
        }
        return new Chunk(frames.bytes(), next, shown, frames.position(), frames.isAhead());
    }

    /** Writes an item; false if the streams do not show events of its type. */
    private static boolean write(Batch.Item item, StreamView view, FrameWriter frames) {
        EncodedEvent event = item.event();
        if (event == null) {
            frames.lost(List.of(item.channel()));
        } else if (!view.types().shows(event.type())) {
            if (item.isStored()) {
                frames.skip(item.channel(), event);
            }
            return false;
        } else if (item.isStored()) {
            frames.stored(item.channel(), event, event.isHiddenFrom(view.reader()));
        } else if (!event.isHiddenFrom(view.reader())) {
            frames.unstored(event);
        }
        return true;
    }
}
