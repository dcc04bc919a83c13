package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.StreamView;
import dev.eventstream.subscriber.Subscription.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live streams with the same channels and types of events. They all have the same position, so the next events are composed once, in
 * chunks, and each chunk is offered to all of them.
 *
 * <p>Confined to the shard's thread.
 */
final class Cohort {
    private static final Logger LOGGER = LoggerFactory.getLogger(Cohort.class);

    private final Shape shape;
    private final MemoryBudget memory;
    private final List<Subscription> live = new ArrayList<>(1);
    private LastEventId position;
    /** Whether the streams have reached the position with events that they do not show, and their clients have not been told. */
    private boolean isAhead;

    private long handedOut;

    /**
     * @param position the position of the streams that will join
     * @param handedOut the number of the last item in the batch that this position includes
     */
    Cohort(Shape shape, MemoryBudget memory, LastEventId position, long handedOut) {
        this.shape = shape;
        this.memory = memory;
        this.position = position;
        this.handedOut = handedOut;
    }

    /** Why a stream left. */
    enum Cause {
        /** Its client must read what is pending first. */
        FULL,
        /** One of its channels is finished, so the stream may end. */
        CHANNEL_FINISHED,
        /** There was no memory for the next events; it must catch up later. */
        NO_MEMORY,
        /** Something failed, so its position is unknown. */
        FAILED
    }

    /** A stream that had to leave; its position is the one up to which it was handed everything. */
    record Left(Subscription subscription, Cause cause) {}

    /** The result of handing out items; {@code delivered} counts events once per stream. */
    record Flushed(List<Left> left, long delivered) {}

    Shape shape() {
        return shape;
    }

    List<ChannelName> channels() {
        return shape.channels();
    }

    /** The position of all streams. */
    LastEventId position() {
        return position;
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    /** Adds a stream at the cohort's position. */
    void join(Subscription subscription) {
        subscription.sit(live.size());
        live.add(subscription);
        subscription.enter(State.LIVE);
    }

    /** Removes a stream, which keeps the position up to which it was handed everything. */
    void leave(Subscription subscription) {
        Subscription mover = live.remove(live.size() - 1);
        if (mover != subscription) {
            live.set(subscription.seat(), mover);
            mover.sit(subscription.seat());
        }
        subscription.moveTo(position);
        subscription.leaveAhead(isAhead);
        subscription.enter(State.WAITING);
    }

    /** Removes all streams. */
    List<Left> leaveAll(Cause cause) {
        List<Left> left = new ArrayList<>(live.size());
        while (!live.isEmpty()) {
            Subscription subscription = live.get(live.size() - 1);
            leave(subscription);
            left.add(new Left(subscription, cause));
        }
        return left;
    }

    /** Hands out the batch's items for these streams. */
    Flushed flush(Batch batch) {
        List<Batch.Item> items = batch.after(handedOut, shape.channels());
        List<Left> left = new ArrayList<>(0);
        long delivered = 0;
        for (int next = 0; next < items.size() && !live.isEmpty(); ) {
            Chunk chunk = compose(items.subList(next, items.size()), memory.chunkBytes(), Reader.anonymous());
            Optional<SharedBytes> bytes = SharedBytes.reserve(chunk.bytes(), memory);
            if (bytes.isEmpty()) {
                Set<ChannelName> lost = unstored(items, next);
                live.forEach(subscription -> subscription.lose(lost));
                left.addAll(leaveAll(Cause.NO_MEMORY));
                break;
            }
            List<Left> refused = offerAndRelease(bytes.get(), items.subList(next, next + chunk.items()));
            if (!refused.isEmpty()) {
                Set<ChannelName> lost = unstored(items, next);
                for (Left stream : refused) {
                    stream.subscription().lose(lost);
                    leave(stream.subscription());
                }
                left.addAll(refused);
            }
            position = chunk.position();
            isAhead = chunk.isAhead();
            delivered += (long) live.size() * chunk.shown();
            next += chunk.items();
        }
        handedOut = batch.lastNumber();
        return new Flushed(left, delivered);
    }

    /**
     * Tells the clients their position if the streams have reached it with events that they do not show. If memory is short, the
     * clients are told later.
     */
    List<Left> tellPosition() {
        if (!isAhead || live.isEmpty()) {
            return List.of();
        }
        FrameWriter frames = new FrameWriter(position, true);
        frames.tellPosition();
        Optional<SharedBytes> bytes = SharedBytes.reserve(frames.bytes(), memory);
        if (bytes.isEmpty()) {
            return List.of();
        }
        List<Left> refused = new ArrayList<>(0);
        live.forEach(subscription ->
                offer(subscription, bytes.get()).ifPresent(cause -> refused.add(new Left(subscription, cause))));
        bytes.get().release();
        refused.forEach(stream -> leave(stream.subscription()));
        isAhead = false;
        return refused;
    }

    private List<Left> offerAndRelease(SharedBytes shared, List<Batch.Item> items) {
        Set<String> hiddenFrom = hiddenFrom(items);
        Map<String, SharedBytes> own = new HashMap<>(0);
        try {
            List<Left> refused = new ArrayList<>(0);
            for (Subscription subscription : live) {
                SharedBytes bytes =
                        hiddenFrom.isEmpty() ? shared : bytesFor(subscription.reader(), hiddenFrom, own, shared, items);
                offer(subscription, bytes).ifPresent(cause -> refused.add(new Left(subscription, cause)));
            }
            return refused;
        } finally {
            shared.release();
            own.values().forEach(SharedBytes::release);
        }
    }

    /** Offers bytes; returns why the stream must leave, if it must. */
    private static Optional<Cause> offer(Subscription subscription, SharedBytes bytes) {
        try {
            return bytes.length() == 0 || subscription.sink().offer(bytes) ? Optional.empty() : Optional.of(Cause.FULL);
        } catch (Throwable e) { // one stream that fails must not end the others
            LOGGER.error("Bytes could not be offered to a stream of {}; it ends", subscription.reader(), e);
            return Optional.of(Cause.FAILED);
        }
    }

    /** The chunk as a reader may see it. Composed once per user who may not see all of it; users are few per event. */
    private SharedBytes bytesFor(
            Reader reader,
            Set<String> hiddenFrom,
            Map<String, SharedBytes> own,
            SharedBytes shared,
            List<Batch.Item> items) {
        Optional<String> user = reader.user().filter(hiddenFrom::contains);
        if (user.isEmpty()) {
            return shared;
        }
        return own.computeIfAbsent(user.get(), name -> {
            byte[] bytes = compose(items, Integer.MAX_VALUE, reader).bytes();
            return SharedBytes.unconditional(bytes, memory);
        });
    }

    private static Set<String> hiddenFrom(List<Batch.Item> items) {
        Set<String> users = Set.of();
        for (Batch.Item item : items) {
            if (item.event() != null && !item.event().skipUsers().isEmpty()) {
                users = users.isEmpty() ? new HashSet<>() : users;
                users.addAll(item.event().skipUsers());
            }
        }
        return users;
    }

    private static Set<ChannelName> unstored(List<Batch.Item> items, int start) {
        Set<ChannelName> unstored = new HashSet<>();
        items.subList(start, items.size()).stream()
                .filter(item -> !item.isStored())
                .forEach(item -> unstored.add(item.channel()));
        return unstored;
    }

    private Chunk compose(List<Batch.Item> items, int maxBytes, Reader reader) {
        return Chunk.compose(
                items, maxBytes, new FrameWriter(position, isAhead), new StreamView(reader, shape.types()));
    }
}
