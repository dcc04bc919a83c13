package dev.eventstream.subscriber;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Consecutive events at the end of a channel's log, found by their sequence.
 *
 * <p>Not thread-safe; guarded by its feed.
 */
final class Tail {
    private static final int COMPACT_BEYOND = 32;

    private final List<EncodedEvent> events = new ArrayList<>(1);
    /** Index of the first event; those before it are dropped. */
    private int head;

    boolean isEmpty() {
        return head == events.size();
    }

    /** Sequence of the first event. */
    long first() {
        return events.get(head).id().sequence();
    }

    /** Adds the event that follows the last one. */
    void add(EncodedEvent event) {
        events.add(event);
    }

    /** The events after a sequence, which must not be below the one before the first event; at most {@code max} of them. */
    List<EncodedEvent> after(long sequence, int max) {
        int from = head + (int) (sequence + 1 - first());
        return List.copyOf(events.subList(from, Math.min(events.size(), from + max)));
    }

    /**
     * The newest event after a sequence, and the end of the channel if that follows it.
     *
     * @param sequence below that of the last event
     * @return empty if the tail has only an end, and not the event before it
     */
    Optional<List<EncodedEvent>> newest(long sequence) {
        if (isEmpty()) {
            return Optional.empty();
        }
        List<EncodedEvent> last = events.subList(Math.max(head, events.size() - 2), events.size());
        boolean isCut = last.size() == 1
                && last.get(0).isEnd()
                && sequence < last.get(0).id().sequence() - 1;
        return isCut ? Optional.empty() : Optional.of(newestOf(last, sequence));
    }

    /** The newest of these events, and the end of the channel if that follows it; only events after the sequence. */
    static List<EncodedEvent> newestOf(List<EncodedEvent> events, long sequence) {
        int size = events.size();
        int kept = size > 0 && events.get(size - 1).isEnd() ? 2 : 1;
        return events.subList(Math.max(0, size - kept), size).stream()
                .filter(event -> event.id().sequence() > sequence)
                .toList();
    }

    /** Whether it has another event with that sequence. */
    boolean contradicts(EncodedEvent event) {
        long index = isEmpty() ? -1 : event.id().sequence() - first();
        return index >= 0
                && head + index < events.size()
                && !events.get(head + (int) index).isSameAs(event);
    }

    /** Drops the events up to a sequence. */
    void dropUpTo(long sequence) {
        while (!isEmpty() && first() <= sequence) {
            events.set(head, events.get(events.size() - 1)); // releases the event before the list is compacted
            head++;
        }
        if (isEmpty()) {
            clear();
        } else if (head > COMPACT_BEYOND && head > events.size() / 2) {
            events.subList(0, head).clear();
            head = 0;
        }
    }

    void clear() {
        events.clear();
        head = 0;
    }
}
