package dev.eventstream.retention;

import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.TrimLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes events that are not to be kept, in bounded transactions; one node at a time.
 *
 * <p>What is too old for any channel is found by its age, without a look at the channels. If there are rules, the channels are
 * looked through page by page; a run that has not come to the end when its turn is over goes on from there the next time. So
 * a run costs no more the more channels and events there are; it takes more runs.
 *
 * <p>Confined to the thread that runs it.
 */
public final class Retention implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);

    /** So many times as long as a batch took is paused after it. */
    private static final int PAUSES = 4;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Events that one transaction removes, at most. */
    static final int BATCH = 1_000;

    /** Channels that one query looks at. */
    static final int PAGE = 500;

    /** Pages that one run looks at. */
    static final int MAX_PAGES = 100;

    static final String TASK = "retention";

    private final EventStore store;
    private final Lease turns;
    private final Clock clock;
    private final RetentionRules rules;
    private final Duration turn;

    private String lastLookedAt = "";
    private boolean failing;

    /**
     * @param turn how long a run may take; a little less than the time between two runs, so that a node alone has every turn
     */
    public Retention(EventStore store, Lease turns, Clock clock, RetentionRules rules, Duration turn) {
        this.store = store;
        this.turns = turns;
        this.clock = clock;
        this.rules = rules;
        this.turn = turn;
    }

    @Override
    public void run() {
        try {
            Instant end = clock.instant().plus(turn);
            if (turns.take(TASK, turn)) {
                removeOld(end);
                removeByRules(end);
            }
            if (failing) {
                failing = false;
                LOGGER.info("Events that are not to be kept can be trimmed again");
            }
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                LOGGER.warn("Events that are not to be kept could not be trimmed; it is tried again", e);
            }
        }
    }

    private void removeOld(Instant end) {
        int removed = 0;
        int batch = BATCH;
        while (batch == BATCH && goesOn(end)) {
            batch = atLeisure(() -> store.trim(clock.instant().minus(rules.age()), BATCH));
            removed += batch;
        }
        if (removed > 0) {
            LOGGER.info("Trimmed {} events older than {}", removed, rules.age());
        }
    }

    private void removeByRules(Instant end) {
        long removed = rules.rules().isEmpty() ? 0 : lookThroughChannels(end);
        if (removed > 0) {
            LOGGER.info("Trimmed {} events by eventStream.retention.events and eventStream.retention.rules", removed);
        }
    }

    private long lookThroughChannels(Instant end) {
        long removed = 0;
        for (int pages = 0; pages < MAX_PAGES && goesOn(end); pages++) {
            List<ChannelStats> page = store.stats(lastLookedAt, PAGE);
            for (ChannelStats extent : page) {
                if (!goesOn(end)) {
                    return removed;
                }
                removed += removeByRules(extent, end);
                lastLookedAt = extent.channel().value();
            }
            if (page.size() < PAGE) {
                lastLookedAt = "";
                return removed;
            }
        }
        return removed;
    }

    private long removeByRules(ChannelStats extent, Instant end) {
        Instant now = clock.instant();
        Optional<RetentionRule> exceeded =
                rules.ruleFor(extent.channel()).filter(rule -> rule.isExceededBy(extent, now));
        if (exceeded.isEmpty()) {
            return 0;
        }
        TrimLimit keep = exceeded.get().keep(now);
        long removed = 0;
        int batch = BATCH;
        while (batch == BATCH && goesOn(end)) {
            batch = atLeisure(() -> store.trim(extent.channel(), keep, BATCH));
            removed += batch;
        }
        return removed;
    }

    /** Leaves the database to the senders for several times as long as a full batch took. */
    private static int atLeisure(IntSupplier trim) {
        long start = System.nanoTime();
        int removed = trim.getAsInt();
        if (removed == BATCH) {
            LockSupport.parkNanos(Math.min(PAUSES * (System.nanoTime() - start), LONGEST_PAUSE.toNanos()));
        }
        return removed;
    }

    private boolean goesOn(Instant end) {
        return clock.instant().isBefore(end) && !Thread.currentThread().isInterrupted();
    }
}
