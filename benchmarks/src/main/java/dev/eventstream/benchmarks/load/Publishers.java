package dev.eventstream.benchmarks.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Programs that post over kept connections, all on one thread; each waits for an answer before it posts again.
 *
 * <p>Either they post as fast as they get answers, or at a rate. At a rate, a request that is due while all of them wait is sent later, but
 * its events carry the time at which it was due: a slow server cannot hide its delays by slowing down those who measure them (coordinated
 * omission).
 */
public final class Publishers implements AutoCloseable {
    private static final long LONGEST_ANSWER_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LongFunction<PublishRequest> requests;
    private final long nanosBetween;
    private final long most;
    private final Selector selector = Selector.open();
    private final List<Publisher> publishers = new ArrayList<>();
    private final Deque<Publisher> idle = new ArrayDeque<>();
    private final SingleWriterRecorder answerTimes = new SingleWriterRecorder(LONGEST_ANSWER_NANOS, 3);
    private final Thread thread = new Thread(this::postAll, "publishers");
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicReference<String> failure = new AtomicReference<>("");
    private volatile boolean isStopping;
    private volatile boolean isClosed;

    private Publishers(LongFunction<PublishRequest> requests, double perSecond, long most) throws IOException {
        this.requests = requests;
        this.nanosBetween = perSecond > 0 ? Math.round(1e9 / perSecond) : 0;
        this.most = most;
    }

    /**
     * Begins to post as fast as there are answers.
     *
     * @param requests the request for each number, from 0
     * @param most how many requests; {@link Long#MAX_VALUE} for no limit
     */
    public static Publishers flatOut(int port, int publishers, LongFunction<PublishRequest> requests, long most)
            throws IOException {
        return new Publishers(requests, 0, most).start(port, publishers);
    }

    /**
     * Begins to post at a rate.
     *
     * @param publishers how many requests may be under way
     * @param requests the request for each number, from 0
     */
    public static Publishers atRate(int port, int publishers, LongFunction<PublishRequest> requests, double perSecond)
            throws IOException {
        return new Publishers(requests, perSecond, Long.MAX_VALUE).start(port, publishers);
    }

    private Publishers start(int port, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Publisher publisher = new Publisher(port, selector);
            publishers.add(publisher);
            idle.add(publisher);
        }
        thread.start();
        return this;
    }

    /** The events that the server has accepted so far. */
    public long accepted() {
        throwFailure();
        return accepted.get();
    }

    /** The requests that the server has refused so far, with any status from 300 on. */
    public long refused() {
        return refused.get();
    }

    /** The times from when requests were due until they were answered, in nanoseconds, since the last call. */
    public Histogram takeAnswerTimes() {
        return answerTimes.getIntervalHistogram();
    }

    /** Sends nothing more, and waits until all requests are answered; returns the number of events that were accepted. */
    public long stop(Duration longest) throws InterruptedException {
        isStopping = true;
        selector.wakeup();
        thread.join(longest.toMillis());
        return accepted();
    }

    /** Waits until all requests are answered, if there is a limit; false if they are not within that time. */
    public boolean awaitEnd(Duration longest) throws InterruptedException {
        thread.join(longest.toMillis());
        throwFailure();
        return !thread.isAlive();
    }

    private void throwFailure() {
        if (!failure.get().isEmpty()) {
            throw new IllegalStateException(failure.get());
        }
    }

    private void postAll() {
        try {
            long start = System.nanoTime();
            long next = 0;
            while (!isClosed) {
                next = postDue(start, next);
                boolean isDone = isStopping || next == most;
                if (isDone && idle.size() == publishers.size()) {
                    return;
                }
                awaitAnswers(isDone ? Long.MAX_VALUE : start + next * nanosBetween - System.nanoTime());
            }
        } catch (IOException | RuntimeException e) {
            if (!isClosed) {
                failure.compareAndSet("", e.toString());
            }
        }
    }

    private long postDue(long start, long first) throws IOException {
        long next = first;
        long now = System.nanoTime();
        while (!isStopping && next < most && !idle.isEmpty()) {
            long due = nanosBetween == 0 ? now : start + next * nanosBetween;
            if (due - now > 0) {
                break;
            }
            idle.remove().post(requests.apply(next), due);
            next++;
        }
        return next;
    }

    private void awaitAnswers(long untilNextNanos) throws IOException {
        long millis = untilNextNanos / 1_000_000;
        if (idle.isEmpty() || untilNextNanos == Long.MAX_VALUE) {
            selector.select(this::ready, 100);
        } else if (millis > 0) {
            selector.select(this::ready, Math.min(100, millis));
        } else {
            selector.selectNow(this::ready);
            // a selector cannot wait for less than a millisecond
            if (untilNextNanos > 50_000) {
                LockSupport.parkNanos(untilNextNanos - 50_000);
            }
        }
    }

    private void ready(SelectionKey key) {
        Publisher publisher = (Publisher) key.attachment();
        try {
            if (publisher.isAnswered()) {
                if (publisher.status() < 300) {
                    accepted.lazySet(accepted.get() + publisher.events());
                    answerTimes.recordValue(Math.min(LONGEST_ANSWER_NANOS, System.nanoTime() - publisher.dueNanos()));
                } else {
                    refused.incrementAndGet();
                }
                idle.add(publisher);
            }
        } catch (IOException e) {
            key.cancel();
            failure.compareAndSet("", "a publisher's connection: " + e);
        }
    }

    /** Ends all connections, also those that wait for an answer. */
    @Override
    public void close() throws IOException {
        isStopping = true;
        isClosed = true;
        selector.wakeup();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Publisher publisher : publishers) {
            publisher.close();
        }
        selector.close();
    }
}
