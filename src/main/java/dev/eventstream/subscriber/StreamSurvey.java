package dev.eventstream.subscriber;

import dev.eventstream.subscriber.Subscription.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One description of all streams of a shard. It describes {@value #PART} streams at a time, and the thread does its other work in
 * between, so however many streams there are, no event waits long for it.
 *
 * <p>Confined to the shard's thread, except for {@link #start}, {@link #isDone} and {@link #result}.
 */
final class StreamSurvey {
    static final int PART = 1_024;

    private final Function<Subscription, StreamInfo> describe;
    private final Consumer<Runnable> thread;
    private final CompletableFuture<List<StreamInfo>> result = new CompletableFuture<>();

    private List<Subscription> all = List.of();
    private final List<StreamInfo> described = new ArrayList<>();

    /**
     * @param thread puts a task in the queue of the shard's thread
     */
    StreamSurvey(Function<Subscription, StreamInfo> describe, Consumer<Runnable> thread) {
        this.describe = describe;
        this.thread = thread;
    }

    /**
     * Begins.
     *
     * @param streams returns the streams; called on the shard's thread
     */
    void start(Supplier<Collection<Subscription>> streams) {
        put(() -> {
            all = List.copyOf(streams.get());
            describeFrom(0);
        });
    }

    boolean isDone() {
        return result.isDone();
    }

    /** The streams, oldest first. Those that end meanwhile may be missing. */
    CompletableFuture<List<StreamInfo>> result() {
        return result;
    }

    private void describeFrom(int first) {
        int end = Math.min(all.size(), first + PART);
        for (Subscription subscription : all.subList(first, end)) {
            if (subscription.state() != State.ENDED) {
                described.add(describe.apply(subscription));
            }
        }
        if (end < all.size()) {
            put(() -> describeFrom(end));
        } else {
            result.complete(Collections.unmodifiableList(described));
        }
    }

    private void put(Runnable part) {
        try {
            thread.accept(() -> run(part));
        } catch (Throwable e) { // no memory for the task
            result.completeExceptionally(e);
            throw e;
        }
    }

    private void run(Runnable part) {
        try {
            part.run();
        } catch (Throwable e) { // the next survey must not share this one
            result.completeExceptionally(e);
            throw e;
        }
    }
}
