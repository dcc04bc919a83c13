package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps the logs in memory, with the guarantees of a database but durability: for tests.
 *
 * <p>Thread-safe. A transaction holds the write locks of its channels until it ends; one append takes them in the order of the
 * names, so only transactions that append more than once can block one another, and then one of them fails after
 * {@value #LOCK_SECONDS} s. The locks come before the store's own monitor, under which everything else happens.
 */
public final class MemoryEventStore implements EventStore {
    private static final int LOCK_SECONDS = 10;

    private final Clock clock;
    private final Map<ChannelName, Semaphore> writers = new ConcurrentHashMap<>();

    // guarded by this
    private final Map<ChannelName, Log> logs = new HashMap<>();
    private int epochs;

    public MemoryEventStore() {
        this(Clock.systemUTC());
    }

    /** @param clock tells when events are sent, which is what {@link #trim} goes by */
    public MemoryEventStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Appended append(List<NewEvent> events) {
        try (Transaction transaction = begin()) {
            Appended appended = append(transaction, events);
            transaction.commit();
            return appended;
        }
    }

    @Override
    public Appended append(StoreTransaction transaction, List<NewEvent> events) {
        if (transaction instanceof Transaction ours && ours.store() == this) {
            return ours.append(events);
        }
        throw new IllegalArgumentException("the transaction is of another store");
    }

    /** Begins what stands for the application's own transaction; it rolls back when it is closed without a commit. */
    public Transaction begin() {
        return new Transaction();
    }

    @Override
    public synchronized EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
        Log log = logs.get(channel);
        if (log == null) {
            return after.isNone() ? new EventPage.Run(List.of(), false) : new EventPage.Lost(EventId.NONE);
        }
        return log.honours(after) ? log.page(after.sequence(), limit) : new EventPage.Lost(log.newest());
    }

    @Override
    public synchronized Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        Map<ChannelName, EventId> newest = new LinkedHashMap<>();
        channels.forEach(channel -> newest.put(
                channel, Optional.ofNullable(logs.get(channel)).map(Log::newest).orElse(EventId.NONE)));
        return newest;
    }

    @Override
    public synchronized int trim(Instant before, int batch) {
        int trimmed = 0;
        for (Optional<Log> log = oldest(before); log.isPresent() && trimmed < batch; log = oldest(before)) {
            log.get().trimFirst();
            trimmed++;
        }
        return trimmed;
    }

    /** Loses every log, as a wiped database does; the next event of each channel begins another epoch. */
    public synchronized void wipe() {
        logs.clear();
    }

    @Override
    public void check() {
        // memory is always there
    }

    private Optional<Log> oldest(Instant before) {
        return logs.values().stream()
                .filter(log -> !log.entries.isEmpty() && log.first().sentAt.isBefore(before))
                .min(Comparator.comparing(log -> log.first().sentAt));
    }

    private synchronized Draft draft(ChannelName channel) {
        Log log = logs.get(channel);
        return log == null ? new Draft(new Log("epoch" + ++epochs)) : new Draft(log);
    }

    private synchronized void publish(Map<ChannelName, Draft> drafts) {
        drafts.forEach((channel, draft) -> {
            draft.entries.forEach(draft.log::add);
            logs.putIfAbsent(channel, draft.log);
        });
    }

    private record Entry(Event event, Optional<String> key, Instant sentAt) {}

    /** One channel's events from the low-water mark on. Guarded by the store. */
    private static final class Log {
        private final String epoch;
        private final List<Entry> entries = new ArrayList<>();
        private final Map<String, Event> byKey = new HashMap<>();
        private long trimmedThrough;

        Log(String epoch) {
            this.epoch = epoch;
        }

        long newestSequence() {
            return trimmedThrough + entries.size();
        }

        EventId newest() {
            return newestSequence() == 0 ? EventId.NONE : new EventId(epoch, newestSequence());
        }

        Entry first() {
            return entries.get(0);
        }

        boolean honours(EventId place) {
            return (place.isNone() || place.epoch().equals(epoch))
                    && place.sequence() >= trimmedThrough
                    && place.sequence() <= newestSequence();
        }

        EventPage page(long after, PageLimit limit) {
            List<Event> events = new ArrayList<>();
            long characters = 0;
            int next = Math.toIntExact(after - trimmedThrough);
            while (next < entries.size() && events.size() < limit.events() && characters < limit.characters()) {
                Event event = entries.get(next++).event;
                events.add(event);
                characters += event.data().length();
            }
            return new EventPage.Run(events, next < entries.size());
        }

        void add(Entry entry) {
            entries.add(entry);
            entry.key.ifPresent(key -> byKey.put(key, entry.event));
        }

        void trimFirst() {
            Entry trimmed = entries.remove(0);
            trimmed.key.ifPresent(byKey::remove);
            trimmedThrough++;
        }
    }

    /** What a transaction adds to one log. Guarded by the store; the log gets no other events meanwhile. */
    private static final class Draft {
        private final Log log;
        private final List<Entry> entries = new ArrayList<>();
        private final Map<String, Event> byKey = new HashMap<>();

        Draft(Log log) {
            this.log = log;
        }

        Event add(NewEvent event, Instant now, List<Event> added) {
            return event.idempotencyKey().flatMap(this::repeated).orElseGet(() -> {
                Event stored = Event.stored(event, new EventId(log.epoch, log.newestSequence() + entries.size() + 1));
                entries.add(new Entry(stored, event.idempotencyKey(), now));
                event.idempotencyKey().ifPresent(key -> byKey.put(key, stored));
                added.add(stored);
                return stored;
            });
        }

        private Optional<Event> repeated(String key) {
            return Optional.ofNullable(log.byKey.get(key)).or(() -> Optional.ofNullable(byKey.get(key)));
        }
    }

    /** Confined to the thread that began it. */
    public final class Transaction implements StoreTransaction, AutoCloseable {
        private final Map<ChannelName, Draft> drafts = new TreeMap<>();
        private final List<Runnable> afterCommit = new ArrayList<>();

        private Transaction() {}

        @Override
        public void afterCommit(Runnable callback) {
            afterCommit.add(callback);
        }

        public void commit() {
            publish(drafts);
            List<Runnable> callbacks = List.copyOf(afterCommit);
            close();
            callbacks.forEach(Runnable::run);
        }

        /** Rolls back, unless it was committed. */
        @Override
        public void close() {
            drafts.keySet().forEach(channel -> writer(channel).release());
            drafts.clear();
            afterCommit.clear();
        }

        private MemoryEventStore store() {
            return MemoryEventStore.this;
        }

        private Appended append(List<NewEvent> events) {
            new TreeSet<>(events.stream().map(NewEvent::channel).toList()).forEach(this::lock);
            synchronized (MemoryEventStore.this) {
                List<Event> added = new ArrayList<>();
                List<Event> stored = events.stream()
                        .map(event -> drafts.computeIfAbsent(event.channel(), MemoryEventStore.this::draft)
                                .add(event, clock.instant(), added))
                        .toList();
                return new Appended(stored, added);
            }
        }

        private void lock(ChannelName channel) {
            if (drafts.containsKey(channel)) {
                return;
            }
            try {
                if (!writer(channel).tryAcquire(LOCK_SECONDS, TimeUnit.SECONDS)) {
                    throw new EventStoreException(
                            "channel \"" + channel + "\" is locked by another transaction",
                            new TimeoutException("waited for " + LOCK_SECONDS + " s"));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EventStoreException("interrupted while it waited for channel \"" + channel + '"', e);
            }
            drafts.put(channel, draft(channel));
        }

        private Semaphore writer(ChannelName channel) {
            return writers.computeIfAbsent(channel, name -> new Semaphore(1));
        }
    }
}
