package dev.eventstream;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.eventstream.loop.Heartbeat;
import dev.eventstream.loop.Heartbeats;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import io.dropwizard.util.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes the bundle's threads, which the application's lifecycle starts and stops. Confined to the thread that assembles. */
final class Lifecycle {
    private static final Duration STOP_TIMEOUT = Duration.seconds(5);

    /** Longer than any round of a scheduled loop, however slow the database. */
    private static final java.time.Duration LONGEST_ROUND = java.time.Duration.ofSeconds(60);

    private final LifecycleEnvironment environment;
    private final Heartbeats heartbeats;

    Lifecycle(LifecycleEnvironment environment, Heartbeats heartbeats) {
        this.environment = environment;
        this.heartbeats = heartbeats;
    }

    /** An executor with a fixed number of threads, {@code eventstream-<name>-N}. */
    ExecutorService executor(String name, int threads) {
        return environment
                .executorService("eventstream-" + name + "-%d")
                .minThreads(threads)
                .maxThreads(threads)
                .shutdownTime(STOP_TIMEOUT)
                .build();
    }

    /**
     * An executor with one thread. A task that finds the queue full, or the executor stopped, runs on the caller's thread.
     *
     * @param queue tasks that can wait
     */
    Executor executorOrCaller(String name, int queue) {
        ExecutorService executor = environment
                .executorService("eventstream-" + name + "-%d")
                .minThreads(1)
                .maxThreads(1)
                .workQueue(new ArrayBlockingQueue<>(queue))
                .shutdownTime(STOP_TIMEOUT)
                .build();
        return task -> {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) { // the queue is full, or the executor has stopped
                task.run();
            }
        };
    }

    /** Runs a task again and again on its own thread, with a pause, as a loop with a heartbeat. */
    void schedule(String name, Runnable task, Duration pause) {
        Heartbeat heartbeat = heartbeats.add(name, pause.toJavaDuration().plus(LONGEST_ROUND));
        ScheduledExecutorService executor = scheduler("eventstream-" + name);
        environment.manage(new Managed() {
            @Override
            public void start() {
                heartbeat.start();
                Future<?> unused = executor.scheduleWithFixedDelay(
                        () -> heartbeat.run(task),
                        pause.toMilliseconds(),
                        pause.toMilliseconds(),
                        TimeUnit.MILLISECONDS);
            }

            @Override
            public void stop() {
                heartbeat.stop();
            }
        });
    }

    // the name of the executor is also that of its metrics
    private ScheduledExecutorService scheduler(String name) {
        return environment
                .scheduledExecutorService(
                        name,
                        new ThreadFactoryBuilder().setNameFormat(name + "-%d").build())
                .threads(1)
                .shutdownTime(STOP_TIMEOUT)
                .removeOnCancelPolicy(true)
                .build();
    }

    /** Runs an action when the application stops. */
    void onStop(Runnable action) {
        environment.manage(new Managed() {
            @Override
            public void stop() {
                action.run();
            }
        });
    }
}
