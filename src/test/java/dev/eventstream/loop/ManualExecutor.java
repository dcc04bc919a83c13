package dev.eventstream.loop;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs tasks when the test says so, on its thread. Confined to the test's thread. */
public final class ManualExecutor implements Executor {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean isShutDown;
    private @Nullable Error next;

    @Override
    public void execute(Runnable task) {
        if (isShutDown) {
            throw new RejectedExecutionException("shut down");
        }
        if (next != null) {
            Error thrown = next;
            next = null;
            throw thrown;
        }
        tasks.add(task);
    }

    public void shutDown() {
        isShutDown = true;
    }

    /** The next task is refused for lack of memory. */
    public void failOnce(Error thrown) {
        next = thrown;
    }

    public int waiting() {
        return tasks.size();
    }

    public void runNext() {
        tasks.remove().run();
    }

    public void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
