package dev.eventstream.retention;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.loop.Trouble;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
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
 * Removes events that retention no longer keeps, in bounded transactions, on one node at a time.
 *
 * <p>Events that are too old for any channel are found by their age, without reading the channels. If there are rules, a run
 * reads the channels page by page, and the next run continues where it stopped. So the cost of a run does not depend on the
 * number of channels and events; larger logs take more runs.
 *
 * <p>If there are rules, old events get half of a run, and what is left of it after the channels. A run pauses after each full
 * batch, to leave the database to the senders. After an unfinished run, the pauses of the next one are shorter. The gauge
 * {@code eventstream.retention.behind-seconds} shows for how long this node has had unfinished runs; 0 if its last run finished,
 * or if another node has the lease.
 *
 * <p>Confined to the thread that runs it, except for the gauge.
 */
public final class Retention implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);

    /** The pause after a full batch, as a multiple of the time that the batch took. */
    static final int PAUSES = 4;

    /** The same, after an unfinished run. */
    static final int PAUSES_BEHIND = 1;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** The most events that one transaction removes. */
    static final int BATCH = 1_000;

    /** Channels that one query reads. */
    static final int PAGE = 500;

    /** The most pages that one run reads. */
    static final int MAX_PAGES = 100;

    static final String TASK = "retention";

    /** The meter of all events that this node removes. */
    public static final String TRIMMED = "eventstream.events.trimmed";

    /** Waits. A test replaces it. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time);
    }

    private final EventStore store;
    private final Lease lease;
    private final Clock clock;
    private final Ticker ticker;
    private final Pause pause;
    private final RetentionRules rules;
    private final Duration turn;
    private final Meter trimmed;
    private final Trouble failing = new Trouble();

    private String lastLookedAt = "";
    private volatile Instant behindSince = Instant.MAX;

    /**
     * @param ticker measures how long a batch takes
     * @param turn how long a run may take; slightly less than the time between two runs, so that a lone node gets every lease
     * @param metrics receives the gauge, and the meter {@value #TRIMMED}
     */
    public Retention(
            EventStore store,
            Lease lease,
            Clock clock,
            Ticker ticker,
            RetentionRules rules,
            Duration turn,
            MetricRegistry metrics) {
        this(store, lease, clock, ticker, time -> LockSupport.parkNanos(time.toNanos()), rules, turn, metrics);
        metrics.gauge("eventstream.retention.behind-seconds", () -> this::behindSeconds);
    }

    Retention(
            EventStore store,
            Lease lease,
            Clock clock,
            Ticker ticker,
            Pause pause,
            RetentionRules rules,
            Duration turn,
            MetricRegistry metrics) {
        this.store = store;
        this.lease = lease;
        this.clock = clock;
        this.ticker = ticker;
        this.pause = pause;
        this.rules = rules;
        this.turn = turn;
        this.trimmed = metrics.meter(TRIMMED);
    }

    @Override
    public void run() {
        try {
            Instant start = clock.instant();
            if (!lease.take(TASK, turn)) {
                behindSince = Instant.MAX;
            } else if (removeAll(start)) {
                behindSince = Instant.MAX;
            } else if (!isBehind()) {
                behindSince = start;
            }
            succeeded();
        } catch (EventStoreException e) {
            failed(e);
        }
    }

    /** Removes events, and returns whether none is left to remove. */
    private boolean removeAll(Instant start) {
        Instant end = start.plus(turn);
        if (rules.rules().isEmpty()) {
            return removeOld(end);
        }
        boolean noneOld = removeOld(start.plus(turn.dividedBy(2)));
        boolean noneLeft = removeByRules(end);
        return (noneOld || removeOld(end)) && noneLeft;
    }

    private boolean removeOld(Instant end) {
        int removed = 0;
        int batch = BATCH;
        while (batch == BATCH && hasTime(end)) {
            batch = atLeisure(() -> store.trim(clock.instant().minus(rules.age()), BATCH));
            removed += batch;
        }
        if (removed > 0) {
            LOGGER.info("Trimmed {} events older than {}", removed, rules.age());
        }
        return batch < BATCH;
    }

    private boolean removeByRules(Instant end) {
        Lookthrough channels = new Lookthrough(end);
        boolean isDone = channels.run();
        if (channels.removed > 0) {
            LOGGER.info(
                    "Trimmed {} events by eventStream.retention.events and eventStream.retention.rules",
                    channels.removed);
        }
        return isDone;
    }

    /** The part of a run that reads the channels. */
    private final class Lookthrough {
        private final Instant end;
        private long removed;

        Lookthrough(Instant end) {
            this.end = end;
        }

        /** Returns whether it reached the last channel. */
        boolean run() {
            for (int pages = 0; pages < MAX_PAGES && hasTime(end); pages++) {
                List<ChannelStats> page = store.stats(lastLookedAt, PAGE);
                for (ChannelStats channel : page) {
                    if (!hasTime(end) || !trim(channel)) {
                        return false;
                    }
                    lastLookedAt = channel.channel().value();
                }
                if (page.size() < PAGE) {
                    lastLookedAt = "";
                    return true;
                }
            }
            return false;
        }

        /** Trims the channel, and returns whether nothing is left to remove from it. */
        private boolean trim(ChannelStats channel) {
            Instant now = clock.instant();
            Optional<RetentionRule> exceeded =
                    rules.ruleFor(channel.channel()).filter(rule -> rule.isExceededBy(channel, now));
            if (exceeded.isEmpty()) {
                return true;
            }
            TrimLimit keep = exceeded.get().keep(now);
            int batch = BATCH;
            while (batch == BATCH && hasTime(end)) {
                batch = atLeisure(() -> store.trim(channel.channel(), keep, BATCH));
                removed += batch;
            }
            return batch < BATCH;
        }
    }

    private int atLeisure(IntSupplier trim) {
        long start = ticker.read();
        int removed = trim.getAsInt();
        trimmed.mark(removed);
        if (removed == BATCH) {
            Duration took = Duration.ofNanos(ticker.read() - start);
            Duration wanted = took.multipliedBy(isBehind() ? PAUSES_BEHIND : PAUSES);
            pause.of(wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted);
        }
        return removed;
    }

    private boolean hasTime(Instant end) {
        return clock.instant().isBefore(end) && !Thread.currentThread().isInterrupted();
    }

    private boolean isBehind() {
        return !behindSince.equals(Instant.MAX);
    }

    private long behindSeconds() {
        Instant since = behindSince;
        return since.equals(Instant.MAX)
                ? 0
                : Duration.between(since, clock.instant()).toSeconds();
    }

    private void succeeded() {
        if (failing.ends()) {
            LOGGER.info("Old events can be trimmed again");
        }
    }

    private void failed(EventStoreException failure) {
        if (failing.begins()) {
            LOGGER.warn("Old events could not be trimmed; the next run tries again: {}", failure.getMessage());
        }
        LOGGER.debug("Old events could not be trimmed", failure);
    }
}
