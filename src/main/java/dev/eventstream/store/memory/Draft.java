package dev.eventstream.store.memory;

import static java.util.Objects.requireNonNull;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a transaction adds to one log, which gets no other events meanwhile. Guarded by the store. */
final class Draft {
    private final MemoryLog log;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Event> byKey = new HashMap<>();

    Draft(MemoryLog log) {
        this.log = log;
    }

    /**
     * The event as it will be stored, or as it is in the log already.
     *
     * @param added told of it in the first case
     */
    Event add(NewEvent event, Instant now, Consumer<Event> added) {
        return event.idempotencyKey()
                .map(key -> repeated(key, event, now, added))
                .orElseGet(() -> position(event, now, added));
    }

    private Event repeated(String key, NewEvent event, Instant now, Consumer<Event> added) {
        return log.byKey(key)
                .orElseGet(() -> requireNonNull(byKey.computeIfAbsent(key, fresh -> position(event, now, added))));
    }

    private Event position(NewEvent event, Instant now, Consumer<Event> added) {
        Event stored = Event.stored(event, log.position(log.newest().sequence() + entries.size() + 1));
        entries.add(new Entry(stored, event.idempotencyKey().orElse(null), log.sentAt(now)));
        added.accept(stored);
        return stored;
    }

    void commit() {
        entries.forEach(log::add);
    }

    MemoryLog log() {
        return log;
    }
}
