package dev.eventstream.subscriber;

import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStoreException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings feeds that are behind up to date from the log. Each feed has one task at a time, which reads again if it is asked while it
 * runs. A read that fails for any reason is repeated by {@link #retryFailed()}.
 *
 * <p>Thread-safe; only the tasks on the executor block.
 */
final class FeedReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(FeedReader.class);

    /** A feed's task. */
    private enum Task {
        READING,
        READ_AGAIN
    }

    private final SharedPages pages;
    private final RecentEvents recent;
    private final Executor executor;
    private final LogTrouble trouble;
    private final Consumer<ChannelFeed> moved;
    private final Map<ChannelFeed, Task> tasks = new ConcurrentHashMap<>();
    private final Set<ChannelFeed> failed = ConcurrentHashMap.newKeySet();

    /**
     * @param moved called on any thread with each feed that has new events or another position
     */
    FeedReader(
            SharedPages pages,
            RecentEvents recent,
            Executor executor,
            LogTrouble trouble,
            Consumer<ChannelFeed> moved) {
        this.pages = pages;
        this.recent = recent;
        this.executor = executor;
        this.trouble = trouble;
        this.moved = moved;
    }

    /** Reads the log after the feed's position, unless the feed is not loaded yet. */
    void read(ChannelFeed feed) {
        if (feed.last().isPresent()
                && tasks.merge(feed, Task.READING, (before, now) -> Task.READ_AGAIN) == Task.READING) {
            submit(feed);
        }
    }

    /** Repeats the reads that have failed. Must be called about once a second. */
    void retryFailed() {
        for (ChannelFeed feed : List.copyOf(failed)) {
            failed.remove(feed);
            submit(feed);
        }
    }

    private void submit(ChannelFeed feed) {
        try {
            executor.execute(() -> readPage(feed));
        } catch (RejectedExecutionException e) {
            tasks.remove(feed);
            LOGGER.debug("This node is shutting down; channel=\"{}\" is not read", feed.channel(), e);
        } catch (Throwable e) { // for example, no memory for the task
            failed.add(feed);
            throw e;
        }
    }

    private void readPage(ChannelFeed feed) {
        try {
            boolean hasMore =
                    apply(feed, pages.readExactly(feed.channel(), feed.last().orElse(EventId.NONE)));
            trouble.succeeded();
            if (tasks.computeIfPresent(feed, (key, task) -> after(task, hasMore)) != null) {
                submit(feed);
            }
        } catch (EventStoreException e) {
            failed.add(feed);
            trouble.failed(e);
        } catch (Throwable e) { // the feed must not look as if it were being read
            failed.add(feed);
            throw e;
        }
    }

    @SuppressWarnings("NullAway") // null removes the entry
    private static Task after(Task task, boolean hasMore) {
        return hasMore || task == Task.READ_AGAIN ? Task.READING : null;
    }

    /** Moves the feed forward; returns whether the log may have more. */
    private boolean apply(ChannelFeed feed, SharedPages.Found found) {
        if (found instanceof SharedPages.Found.PositionUnavailable lost) {
            LOGGER.warn(
                    "channel=\"{}\" no longer has position {}: it was trimmed, or the log was replaced; readers are reset to {}",
                    feed.channel(),
                    feed.last().map(EventId::toString).orElse("nowhere"),
                    lost.end().newest());
            feed.reset(lost.end());
            moved.accept(feed);
            return false;
        }
        SharedPages.Found.Events page = (SharedPages.Found.Events) found;
        page.events().forEach(event -> recent.accept(feed, event));
        if (!page.events().isEmpty()) {
            moved.accept(feed);
        }
        return page.mayHaveMore();
    }
}
