package dev.eventstream.example;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.dropwizard.lifecycle.Managed;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers, about ten words a second each. It also takes over answers of a node that has ended, and its own from before a restart.
 *
 * <p>Thread-safe; one thread starts and stops it.
 */
final class AnswerWriter implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(AnswerWriter.class);
    private static final long WORD_MILLIS = 100;
    private static final long SEARCH_MILLIS = 2000;

    private final Answers answers;
    private final ScheduledExecutorService executor;
    private final Set<String> unfinished = ConcurrentHashMap.newKeySet();
    private List<ScheduledFuture<?>> schedules = List.of();

    /** @param executor an executor that the environment's lifecycle stops */
    AnswerWriter(Answers answers, ScheduledExecutorService executor) {
        this.answers = answers;
        this.executor = executor;
    }

    /** Begins to write an answer. */
    void write(String id) {
        unfinished.add(id);
    }

    @Override
    public void start() {
        schedules = List.of(
                executor.scheduleWithFixedDelay(this::writeWords, WORD_MILLIS, WORD_MILLIS, MILLISECONDS),
                executor.scheduleWithFixedDelay(this::takeOver, 0, SEARCH_MILLIS, MILLISECONDS));
    }

    /** Leaves unfinished answers to another node, or to this one after its restart. */
    @Override
    public void stop() {
        schedules.forEach(schedule -> schedule.cancel(false));
    }

    // an exception would end the schedules silently
    private void takeOver() {
        try {
            unfinished.addAll(answers.abandoned());
        } catch (RuntimeException e) {
            LOGGER.error("The search for abandoned answers failed; the next one is in {} ms", SEARCH_MILLIS, e);
        }
    }

    private void writeWords() {
        unfinished.removeIf(id -> !needsMore(id));
    }

    private boolean needsMore(String id) {
        try {
            return answers.writeNext(id);
        } catch (RuntimeException e) {
            LOGGER.error("A word was not sent; the next attempt is in {} ms: answer={}", WORD_MILLIS, id, e);
            return true;
        }
    }
}
