package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Live streams with the same channels. They all stand at the same position, which is where the channels' feeds stand, so what
 * comes next is composed once and one buffer is offered to all.
 *
 * <p>Confined to the fan-out thread.
 */
final class Cohort {
    /** Bytes after which what has gathered is handed out, so that one buffer does not grow without bound. */
    static final int FLUSH_BYTES = 256 << 10;

    private final List<ChannelName> channels;
    private final List<Subscription> live = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Set<ChannelName> unstored = new HashSet<>();
    private int blockBytes;
    private int events;
    private LastEventId handedOut;
    private LastEventId position;

    /**
     * @param position where the feeds of its stored channels stand
     */
    Cohort(List<ChannelName> channels, LastEventId position) {
        this.channels = channels;
        this.position = position;
        this.handedOut = position;
    }

    /** One frame, for all or for all but some users; they get the id line alone, which moves their position. */
    private record Block(byte[] id, byte[] body, Set<String> skipUsers) {}

    /**
     * What became of the events that were handed out.
     *
     * @param refused streams that could not take them; they have left, at the position they had before
     * @param unstored channels whose events these streams have lost, because they are not stored
     * @param delivered events handed to streams, counted once per stream
     */
    record Flushed(List<Subscription> refused, Set<ChannelName> unstored, long delivered) {
        private static final Flushed NOTHING = new Flushed(List.of(), Set.of(), 0);
    }

    List<ChannelName> channels() {
        return channels;
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    boolean isFull() {
        return blockBytes >= FLUSH_BYTES;
    }

    /** Adds a stream that stands where the feeds stand; nothing may have gathered. */
    void join(Subscription subscription) {
        subscription.liveIndex = live.size();
        live.add(subscription);
    }

    /** Removes a stream, which keeps the position up to which it was handed everything. */
    void leave(Subscription subscription) {
        Subscription mover = live.remove(live.size() - 1);
        if (mover != subscription) {
            live.set(subscription.liveIndex, mover);
            mover.liveIndex = subscription.liveIndex;
        }
        subscription.position = handedOut;
    }

    /** Gathers the next event of a channel; with a stored one the position moves on. */
    void add(ChannelName channel, EncodedEvent event) {
        events++;
        if (event.id().isNone()) {
            unstored.add(channel);
            gather(new byte[0], event.body(), event.skipUsers());
        } else {
            position = position.with(channel, event.id());
            gather(EventStreamEncoder.id(position), event.body(), event.skipUsers());
        }
    }

    /** Gathers the news that the position in a channel was lost and the streams go on from another. */
    void reset(ChannelName channel, EventId newest) {
        position = position.with(channel, newest);
        gatherReset(channel);
    }

    /** Gathers the news that events of a channel which is not stored were lost. */
    void lose(ChannelName channel) {
        gatherReset(channel);
    }

    private void gatherReset(ChannelName channel) {
        gather(new byte[0], EventStreamEncoder.encode(new StreamFrame.Reset(List.of(channel), position)), Set.of());
    }

    private void gather(byte[] id, byte[] body, Set<String> skipUsers) {
        blocks.add(new Block(id, body, skipUsers));
        blockBytes += id.length + body.length;
    }

    /** Hands out what has gathered. */
    Flushed flush() {
        if (blocks.isEmpty()) {
            return Flushed.NOTHING;
        }
        List<Subscription> refused = offerToAll();
        Flushed flushed = new Flushed(refused, Set.copyOf(unstored), (long) events * (live.size() - refused.size()));
        refused.forEach(this::leave);
        handedOut = position;
        blocks.clear();
        unstored.clear();
        blockBytes = 0;
        events = 0;
        return flushed;
    }

    private List<Subscription> offerToAll() {
        ByteBuffer shared = ByteBuffer.wrap(compose(null));
        Set<String> skipped = skippedUsers();
        List<Subscription> refused = new ArrayList<>();
        for (Subscription subscription : live) {
            ByteBuffer bytes = skipped.isEmpty() ? shared : composeFor(subscription, skipped, shared);
            if (bytes.hasRemaining() && !subscription.sink().offer(bytes)) {
                refused.add(subscription);
            }
        }
        return refused;
    }

    private ByteBuffer composeFor(Subscription subscription, Set<String> skipped, ByteBuffer shared) {
        return subscription
                .reader
                .user()
                .filter(skipped::contains)
                .map(user -> ByteBuffer.wrap(compose(user)))
                .orElse(shared);
    }

    private Set<String> skippedUsers() {
        Set<String> users = new HashSet<>();
        blocks.forEach(block -> users.addAll(block.skipUsers()));
        return users;
    }

    private byte[] compose(@Nullable String skippedUser) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(blockBytes);
        for (Block block : blocks) {
            out.writeBytes(block.id());
            if (skippedUser == null || !block.skipUsers().contains(skippedUser)) {
                out.writeBytes(block.body());
            } else if (block.id().length > 0) {
                out.write('\n');
            }
        }
        return out.toByteArray();
    }
}
