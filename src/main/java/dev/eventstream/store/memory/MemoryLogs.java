package dev.eventstream.store.memory;

import static java.util.Objects.requireNonNull;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.Epochs;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.TrimLimit;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The logs of one store. A log is created when it is first asked for, and never removed.
 *
 * <p>Thread-safe.
 */
final class MemoryLogs {
    private final Clock clock;
    private final int keep;

    // guarded by this; a log's writer is always acquired before it, never after
    private final Map<ChannelName, MemoryLog> logs = new HashMap<>();

    /**
     * @param keep how many events each log keeps at most
     */
    MemoryLogs(Clock clock, int keep) {
        this.clock = clock;
        this.keep = keep;
    }

    synchronized MemoryLog log(ChannelName channel) {
        return logs.computeIfAbsent(channel, name -> new MemoryLog(Epochs.next()));
    }

    // ---- writing

    /**
     * Adds the events to the drafts of their channels.
     *
     * @param drafts one for each channel of the events
     * @throws ChannelFinishedException if an event follows the end of its channel; nothing is added then
     */
    synchronized Appended add(List<NewEvent> events, Map<ChannelName, Draft> drafts) {
        requireOpen(events, drafts);
        Instant now = clock.instant();
        List<Event> added = new ArrayList<>();
        List<Event> stored = new ArrayList<>();
        for (NewEvent event : events) {
            stored.add(requireNonNull(drafts.get(event.channel())).add(event, now, added::add));
        }
        return new Appended(stored, added);
    }

    private static void requireOpen(List<NewEvent> events, Map<ChannelName, Draft> drafts) {
        Set<ChannelName> ended = new HashSet<>();
        Set<Map.Entry<ChannelName, String>> keys = new HashSet<>();
        Set<ChannelName> refused = new HashSet<>();
        for (NewEvent event : events) {
            ChannelName channel = event.channel();
            Draft draft = requireNonNull(drafts.get(channel));
            Optional<String> key = event.idempotencyKey();
            boolean isOpen = !ended.contains(channel) && !draft.isFinished();
            if (event.isEnd()) {
                ended.add(channel);
            } else if (isOpen) {
                key.ifPresent(used -> keys.add(Map.entry(channel, used)));
            } else if (key.isEmpty() || !(draft.contains(key.get()) || keys.contains(Map.entry(channel, key.get())))) {
                refused.add(channel);
            }
        }
        if (!refused.isEmpty()) {
            throw new ChannelFinishedException(refused);
        }
    }

    /** Adds the drafts to their logs, which readers then see. */
    synchronized void commit(Collection<Draft> drafts) {
        for (Draft draft : drafts) {
            draft.commit();
            while (draft.log().hasMoreThan(keep)) {
                draft.log().trimFirst();
            }
        }
    }

    /** Opens a finished channel again; its writer must be acquired. */
    synchronized void reopen(ChannelName channel) {
        MemoryLog log = logs.get(channel);
        if (log != null) {
            log.reopen(Epochs.next());
        }
    }

    // ---- reading

    synchronized EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
        MemoryLog log = logs.get(channel);
        if (log == null) {
            return after.isNone()
                    ? new EventPage.Range(List.of(), false)
                    : new EventPage.PositionUnavailable(EventId.NONE);
        }
        return log.readAfter(after, limit);
    }

    synchronized Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        Map<ChannelName, EventId> newest = new HashMap<>();
        for (ChannelName channel : channels) {
            MemoryLog log = logs.get(channel);
            newest.put(channel, log == null ? EventId.NONE : log.newest());
        }
        return newest;
    }

    synchronized Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
        Map<ChannelName, LogEnd> ends = new HashMap<>();
        for (ChannelName channel : channels) {
            MemoryLog log = logs.get(channel);
            ends.put(channel, log == null ? LogEnd.open(EventId.NONE) : log.end());
        }
        return ends;
    }

    synchronized Map<ChannelName, EventId> starts(Collection<ChannelName> channels, StartLimit limit) {
        Map<ChannelName, EventId> starts = new HashMap<>();
        for (ChannelName channel : channels) {
            MemoryLog log = logs.get(channel);
            starts.put(channel, log == null ? EventId.NONE : log.start(limit));
        }
        return starts;
    }

    synchronized List<ChannelStats> stats(String after, int limit) {
        return logs.entrySet().stream()
                .filter(log -> log.getKey().value().compareTo(after) > 0)
                .sorted(Map.Entry.comparingByKey())
                .limit(limit)
                .map(log -> new ChannelStats(
                        log.getKey(), log.getValue().size(), log.getValue().oldestAt()))
                .toList();
    }

    // ---- trimming

    synchronized int trim(Instant before, int batch) {
        PriorityQueue<MemoryLog> oldest = new PriorityQueue<>(Comparator.comparing(MemoryLog::oldestAt));
        logs.values().stream().filter(log -> log.oldestAt().isBefore(before)).forEach(oldest::add);
        int trimmed = 0;
        for (MemoryLog log = oldest.poll(); log != null && trimmed < batch; log = oldest.poll()) {
            log.trimFirst();
            trimmed++;
            if (log.oldestAt().isBefore(before)) {
                oldest.add(log);
            }
        }
        return trimmed;
    }

    synchronized int trim(ChannelName channel, TrimLimit limit, int batch) {
        MemoryLog log = logs.get(channel);
        int trimmed = 0;
        while (log != null && trimmed < batch && log.exceeds(limit)) {
            log.trimFirst();
            trimmed++;
        }
        return trimmed;
    }
}
