package dev.eventstream.subscriber;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the slowest streams while memory is short. Their clients come back to where they were.
 *
 * <p>Immutable.
 */
final class SlowStreams {
    private static final Logger LOGGER = LoggerFactory.getLogger(SlowStreams.class);

    /** A stream is slow only if its client has read nothing for that long. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    private static final int FEWEST_TO_END = 8;
    private static final int PART_TO_END = 8;

    private final MemoryBudget memory;

    SlowStreams(MemoryBudget memory) {
        this.memory = memory;
    }

    /** Ends one in {@value #PART_TO_END} of the slow streams, but at least {@value #FEWEST_TO_END}, if memory is short. */
    void endSlowest(Collection<Subscription> subscriptions, long nowNanos) {
        if (memory.hasRoom()) {
            return;
        }
        List<Slow> slow = subscriptions.stream()
                .map(subscription ->
                        new Slow(subscription.sink(), subscription.sink().waitingNanos(nowNanos)))
                .filter(stream -> stream.waitingNanos() > SLOW.toNanos())
                .sorted(Comparator.comparingLong(Slow::waitingNanos).reversed())
                .toList();
        int ending = Math.min(slow.size(), Math.max(FEWEST_TO_END, slow.size() / PART_TO_END));
        if (ending > 0) {
            LOGGER.warn(
                    "{} of {} bytes for waiting events are in use (eventStream.memory); the slowest {} of {} streams whose"
                            + " clients read nothing end",
                    memory.used(),
                    memory.limit(),
                    ending,
                    slow.size());
        }
        slow.subList(0, ending).forEach(stream -> stream.sink().abort(CloseReason.OVERLOADED));
    }

    private record Slow(StreamSink sink, long waitingNanos) {}
}
