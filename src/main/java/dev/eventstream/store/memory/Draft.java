package dev.eventstream.store.memory;

import static java.util.Objects.requireNonNull;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.LogEnd;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The events that a transaction adds to one log. Until it ends, no other transaction adds any. Guarded by {@link MemoryLogs}. */
final class Draft {
    private final MemoryLog log;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Event> byKey = new HashMap<>();
    private boolean isFinished;

    Draft(MemoryLog log) {
        this.log = log;
    }

    /** Whether the channel is finished, perhaps by this transaction. */
    boolean isFinished() {
        return isFinished || log.end().isFinished();
    }

    /** Whether an event has that idempotency key. */
    boolean contains(String key) {
        return byKey.containsKey(key) || log.byKey(key).isPresent();
    }

    /**
     * Adds an event, unless its idempotency key is in use, or it is the end of a finished channel.
     *
     * @param added receives the event if it was added
     * @return the event as it will be stored, or as it was stored first
     */
    Event add(NewEvent event, Instant now, Consumer<Event> added) {
        if (event.isEnd() && isFinished()) {
            return Event.stored(event, newest());
        }
        isFinished |= event.isEnd();
        return event.idempotencyKey()
                .map(key -> repeated(key, event, now, added))
                .orElseGet(() -> position(event, now, added));
    }

    private Event repeated(String key, NewEvent event, Instant now, Consumer<Event> added) {
        return log.byKey(key)
                .orElseGet(() -> requireNonNull(byKey.computeIfAbsent(key, fresh -> position(event, now, added))));
    }

    /** Where the log ends, counting the events of this draft. No other transaction adds events at the same time. */
    LogEnd end() {
        return new LogEnd(newest(), isFinished());
    }

    private EventId newest() {
        return log.position(log.newest().sequence() + entries.size());
    }

    private Event position(NewEvent event, Instant now, Consumer<Event> added) {
        Event stored = Event.stored(event, log.position(newest().sequence() + 1));
        entries.add(new Entry(stored, event.idempotencyKey().orElse(null), log.sentAt(now)));
        added.accept(stored);
        return stored;
    }

    boolean contains(Event event) {
        return entries.stream().anyMatch(entry -> entry.event().equals(event));
    }

    void commit() {
        entries.forEach(log::add);
    }

    MemoryLog log() {
        return log;
    }
}
