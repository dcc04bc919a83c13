package dev.eventstream.store.memory;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.TrimLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/** One channel's log. The {@link MemoryLogs} guard everything except the writer. */
final class MemoryLog {
    /** How far the clock may go back before its earlier time counts as wrong. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofHours(1);

    /** Held by the one transaction that writes to the channel. */
    final Semaphore writer = new Semaphore(1);

    private String epoch;
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();
    private final Map<String, Event> byKey = new HashMap<>();
    private long newest;
    private Instant newestAt = Instant.MIN;
    private boolean isFinished;

    MemoryLog(String epoch) {
        this.epoch = epoch;
    }

    EventId position(long sequence) {
        return sequence == 0 ? EventId.NONE : new EventId(epoch, sequence);
    }

    EventId newest() {
        return position(newest);
    }

    /**
     * The time at which an event that is added now counts as sent: never earlier than the newest event. If the newest event is so
     * much later that the clock must have been wrong, the existing events count as sent now.
     */
    Instant sentAt(Instant now) {
        if (newestAt.isAfter(now.plus(MAX_CLOCK_SKEW))) {
            entries.replaceAll((sequence, entry) -> entry.sentBy(now));
            newestAt = now;
        }
        return newestAt.isAfter(now) ? newestAt : now;
    }

    private long trimmedThrough() {
        return newest - entries.size();
    }

    EventPage readAfter(EventId position, PageLimit limit) {
        boolean honoured = (position.isNone() || position.epoch().equals(epoch))
                && trimmedThrough() <= position.sequence()
                && position.sequence() <= newest;
        return honoured ? page(position.sequence(), limit) : new EventPage.PositionUnavailable(newest(), isFinished);
    }

    private EventPage page(long after, PageLimit limit) {
        List<Event> events = new ArrayList<>();
        long characters = 0;
        for (Entry entry : entries.tailMap(after, false).values()) {
            if (events.size() >= limit.events() || characters >= limit.characters()) {
                return new EventPage.Range(events, true);
            }
            events.add(entry.event());
            characters += entry.event().data().length();
        }
        return new EventPage.Range(events, false, isFinished);
    }

    /** Where a new reader starts. */
    EventId start(StartLimit limit) {
        long after = Math.max(trimmedThrough(), newest - (isFinished ? 1 : 0) - limit.events());
        for (Entry entry : entries.tailMap(after, false).descendingMap().values()) {
            if (entry.sentAt().isBefore(limit.since())) {
                return entry.event().id();
            }
        }
        return position(after);
    }

    Optional<Event> byKey(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    void add(Entry entry) {
        newest++;
        newestAt = entry.sentAt();
        isFinished = entry.event().isEnd();
        entries.put(newest, entry);
        if (entry.key() != null) {
            byKey.put(entry.key(), entry.event());
        }
    }

    LogEnd end() {
        return new LogEnd(newest(), isFinished);
    }

    /** Opens the log again, under another epoch; nothing happens if it is not finished. */
    void reopen(String nextEpoch) {
        if (isFinished) {
            isFinished = false;
            epoch = nextEpoch;
            entries.replaceAll((sequence, entry) -> entry.at(position(sequence)));
            entries.values().forEach(entry -> {
                if (entry.key() != null) {
                    byKey.put(entry.key(), entry.event());
                }
            });
        }
    }

    int size() {
        return entries.size();
    }

    /** Whether it has more events than that, and the end of a finished channel. */
    boolean hasMoreThan(int events) {
        return entries.size() - (isFinished ? 1 : 0) > events;
    }

    /** When the oldest event was sent; {@link Instant#MAX} if there is none. */
    Instant oldestAt() {
        return entries.isEmpty() ? Instant.MAX : entries.firstEntry().getValue().sentAt();
    }

    /** Whether the limit excludes the oldest event. */
    boolean exceeds(TrimLimit keep) {
        return oldestAt().isBefore(keep.since()) || entries.size() > keep.events();
    }

    void trimFirst() {
        Entry trimmed = entries.pollFirstEntry().getValue();
        if (trimmed.key() != null) {
            byKey.remove(trimmed.key());
        }
    }
}
