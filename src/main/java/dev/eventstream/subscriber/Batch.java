package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Events for live streams that are not handed out yet, by channel. Each event is kept once, however many cohorts wait for it: a
 * cohort only knows the number of the last item it has handed out.
 *
 * <p>Confined to the shard's thread.
 */
final class Batch {
    /** A batch of this size must be handed out. */
    private static final int MAX_BYTES = 256 << 10;

    private final MemoryBudget memory;
    private final Map<ChannelName, List<Item>> items = new HashMap<>();
    private long lastNumber;
    private long bytes;
    private @Nullable EncodedEvent firstSent;

    Batch(MemoryBudget memory) {
        this.memory = memory;
    }

    /**
     * One event of a channel, or the loss of some.
     *
     * @param event null if events of the channel, which is not stored, were lost
     */
    record Item(long number, ChannelName channel, @Nullable EncodedEvent event) {
        boolean isStored() {
            return event != null && !event.id().isNone();
        }
    }

    void add(ChannelName channel, EncodedEvent event) {
        add(new Item(lastNumber + 1, channel, event), event.footprint());
        if (event.isTimed() && (firstSent == null || event.sentNanos() - firstSent.sentNanos() < 0)) {
            firstSent = event;
        }
    }

    void addLoss(ChannelName channel) {
        add(new Item(lastNumber + 1, channel, null), MemoryBudget.EVENT_OVERHEAD);
    }

    private void add(Item item, int footprint) {
        items.computeIfAbsent(item.channel(), unused -> new ArrayList<>()).add(item);
        lastNumber = item.number();
        bytes += footprint;
        memory.reserve(footprint);
    }

    boolean isFull() {
        return bytes >= MAX_BYTES;
    }

    Set<ChannelName> channels() {
        return items.keySet();
    }

    /** The number of the last item that was added, even if the batch has been cleared since. */
    long lastNumber() {
        return lastNumber;
    }

    /** The items of these channels after a number, in the order in which they came. */
    List<Item> after(long number, List<ChannelName> channels) {
        List<Item> first = List.of();
        List<Item> merged = List.of();
        for (ChannelName channel : channels) {
            List<Item> more = items.getOrDefault(channel, List.of());
            if (first.isEmpty()) {
                first = more;
            } else if (!more.isEmpty()) {
                merged = merged.isEmpty() ? new ArrayList<>(first) : merged;
                merged.addAll(more);
            }
        }
        if (!merged.isEmpty()) {
            merged.sort(Comparator.comparingLong(Item::number));
            first = merged;
        }
        return first.isEmpty() || first.get(0).number() > number
                ? first
                : first.stream().filter(item -> item.number() > number).toList();
    }

    /** The event that this node began to send first; empty if all are events of other nodes. */
    Optional<EncodedEvent> firstSent() {
        return Optional.ofNullable(firstSent);
    }

    /** Hands over the stored events that this node has sent. */
    void eachSent(BiConsumer<ChannelName, EncodedEvent> consumer) {
        for (List<Item> ofChannel : items.values()) {
            for (Item item : ofChannel) {
                EncodedEvent event = item.event();
                if (event != null && event.isTimed() && item.isStored()) {
                    consumer.accept(item.channel(), event);
                }
            }
        }
    }

    void clear() {
        items.clear();
        firstSent = null;
        memory.release(bytes);
        bytes = 0;
    }
}
