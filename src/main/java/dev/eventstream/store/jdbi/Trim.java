package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.TrimLimit;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * One trim.
 *
 * <p>The low-water marks are raised in a short, separate transaction, the only one that locks a channel. If the process ends
 * before the events are deleted, they are below the mark and no longer read, and the next trim deletes them.
 *
 * <p>Confined to the thread of its handle.
 */
final class Trim {
    private final Handle handle;
    private final ChannelDao channelDao;
    private final EventDao eventDao;
    private final int batch;

    /**
     * @param batch how many events to remove at most
     */
    Trim(Handle handle, Dialect dialect, int batch) {
        this.handle = handle;
        this.channelDao = new ChannelDao(handle, dialect);
        this.eventDao = new EventDao(handle);
        this.batch = batch;
    }

    /** Removes events of any channel that were sent before a time, and returns their number. */
    int removeBefore(Instant time) {
        List<TrimRange> oldest = eventDao.oldest(time.toEpochMilli(), batch);
        return oldest.isEmpty() ? 0 : remove(oldest);
    }

    /** Removes what a channel has beyond the limit, and returns the number of events. */
    int remove(ChannelName name, TrimLimit keep) {
        ChannelRow channel = channelDao.find(List.of(name)).get(name);
        if (channel == null) {
            return 0;
        }
        long mark = channel.trimmedThrough();
        long through = lastToRemove(channel, keep);
        return through <= mark
                ? 0
                : remove(List.of(new TrimRange(name, channel.id(), through, Math.toIntExact(through - mark))));
    }

    private long lastToRemove(ChannelRow channel, TrimLimit keep) {
        long fullBatch = channel.trimmedThrough() + batch;
        long byNumber = Math.min(fullBatch, channel.newest() - keep.events());
        return keep.since().isAfter(Instant.EPOCH) && byNumber < fullBatch
                ? Math.max(byNumber, lastBefore(channel, fullBatch, keep.since()))
                : byNumber;
    }

    private long lastBefore(ChannelRow channel, long through, Instant since) {
        return eventDao.lastBefore(channel, channel.trimmedThrough(), through, since.toEpochMilli());
    }

    private int remove(List<TrimRange> ranges) {
        Transactions.inTransaction(handle, () -> channelDao.raiseTrimmed(ranges));
        // locks no gap between the events, where others insert
        Transactions.readCommitted(handle, () -> {
            eventDao.delete(ranges);
            return ranges;
        });
        return ranges.stream().mapToInt(TrimRange::events).sum();
    }
}
