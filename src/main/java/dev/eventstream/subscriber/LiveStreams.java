package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.LastEventId;
import dev.eventstream.publisher.EventTracing;
import dev.eventstream.subscriber.Cohort.Cause;
import dev.eventstream.subscriber.Cohort.Left;
import dev.eventstream.subscriber.Subscription.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live streams of a shard, in cohorts, and the events that wait to be handed out to them.
 *
 * <p>Confined to the shard's thread.
 */
final class LiveStreams {
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveStreams.class);

    private final MemoryBudget memory;
    private final StreamMetrics metrics;
    private final EventTracing tracing;
    private final Batch batch;
    private final Map<Shape, Cohort> cohorts = new HashMap<>();
    private final Map<ChannelName, Set<Cohort>> readers = new HashMap<>();

    LiveStreams(MemoryBudget memory, StreamMetrics metrics, EventTracing tracing) {
        this.memory = memory;
        this.metrics = metrics;
        this.tracing = tracing;
        this.batch = new Batch(memory);
    }

    /** Whether a live stream reads the channel. */
    boolean read(ChannelName channel) {
        return readers.containsKey(channel);
    }

    /** Adds the next event of a channel to the batch. */
    void gather(ChannelName channel, EncodedEvent event) {
        if (read(channel)) {
            batch.add(channel, event);
        }
    }

    /** Adds to the batch that events of an unstored channel were lost. */
    void gatherLoss(ChannelName channel) {
        if (read(channel)) {
            batch.addLoss(channel);
        }
    }

    /** Whether the batch must be handed out before more is added. */
    boolean isFull() {
        return batch.isFull();
    }

    /** Hands out the batch; returns the streams that left. */
    List<Left> flush() {
        Set<Cohort> waiting = new LinkedHashSet<>();
        batch.channels().forEach(channel -> waiting.addAll(readers.getOrDefault(channel, Set.of())));
        List<Left> left = new ArrayList<>(0);
        waiting.forEach(cohort -> left.addAll(flush(cohort)));
        batch.firstSent().ifPresent(event -> metrics.handedOut(event.sentNanos()));
        if (tracing.isOn()) {
            batch.eachSent((channel, event) ->
                    tracing.delivered(channel, event.id(), event.sentNanos(), EventTracing.Target.STREAMS));
        }
        batch.clear();
        return left;
    }

    /**
     * Tells clients their positions if their streams have reached them with events that they do not show; returns the streams that left.
     */
    List<Left> tellPositions() {
        List<Left> left = new ArrayList<>(0);
        for (Cohort cohort : List.copyOf(cohorts.values())) {
            left.addAll(cohort.tellPosition());
            dropIfEmpty(cohort);
        }
        return left;
    }

    /** Adds a stream that has the position of its channels in this shard; returns the streams that had to leave. */
    List<Left> enter(Subscription subscription) {
        Cohort existing = cohorts.get(Shape.of(subscription));
        List<Left> left = existing == null ? List.of() : flush(existing);
        cohortOf(subscription).join(subscription);
        return left;
    }

    /** Removes a stream that has ended. */
    void leave(Subscription subscription) {
        Cohort cohort = cohorts.get(Shape.of(subscription));
        if (cohort != null) {
            cohort.leave(subscription);
            dropIfEmpty(cohort);
        }
    }

    /** Hands out the batch to the readers of a channel and removes all of them for that cause. */
    List<Left> dissolve(ChannelName channel, Cause cause) {
        List<Left> left = new ArrayList<>();
        for (Cohort cohort : List.copyOf(readers.getOrDefault(channel, Set.of()))) {
            left.addAll(flush(cohort));
            left.addAll(cohort.leaveAll(cause));
            dropIfEmpty(cohort);
        }
        return left;
    }

    /** The position up to which a stream was handed everything. */
    LastEventId position(Subscription subscription) {
        Cohort cohort = subscription.state() == State.LIVE ? cohorts.get(Shape.of(subscription)) : null;
        return cohort == null ? subscription.position() : cohort.position();
    }

    private Cohort cohortOf(Subscription subscription) {
        return cohorts.computeIfAbsent(Shape.of(subscription), shape -> {
            Cohort created = new Cohort(shape, memory, subscription.position(), batch.lastNumber());
            shape.channels()
                    .forEach(channel -> readers.computeIfAbsent(channel, unused -> new LinkedHashSet<>(1))
                            .add(created));
            return created;
        });
    }

    private List<Left> flush(Cohort cohort) {
        List<Left> left;
        try {
            Cohort.Flushed flushed = cohort.flush(batch);
            metrics.delivered(flushed.delivered());
            left = flushed.left();
        } catch (Throwable e) { // only some of them may have got a chunk, so all come back to where they were
            LOGGER.error("Events could not be handed out to streams of {}; they end", cohort.channels(), e);
            left = cohort.leaveAll(Cause.FAILED);
        }
        dropIfEmpty(cohort);
        return left;
    }

    private void dropIfEmpty(Cohort cohort) {
        if (cohort.isEmpty() && cohorts.remove(cohort.shape(), cohort)) {
            for (ChannelName channel : cohort.channels()) {
                readers.computeIfPresent(channel, (name, of) -> {
                    of.remove(cohort);
                    return of.isEmpty() ? null : of;
                });
            }
        }
    }
}
