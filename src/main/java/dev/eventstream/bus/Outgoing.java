package dev.eventstream.bus;

import dev.eventstream.bus.BusMessage.AccessChanged;
import dev.eventstream.bus.BusMessage.Dropped;
import dev.eventstream.bus.BusMessage.Moved;
import dev.eventstream.bus.BusMessage.Present;
import dev.eventstream.bus.BusMessage.Unstored;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The messages that this node has yet to send to the others. Each kind has a limit, and a rule for what happens beyond it:
 *
 * <ul>
 *   <li>positions: the newest of each channel; beyond {@value #MAX_CHANNELS} channels, the rest are left to the poll;
 *   <li>unstored events: beyond {@value #MAX_CHARACTERS} characters, all are dropped, and the other nodes are notified of that;
 *   <li>changed rights: beyond {@value #MAX_CHANGES}, the oldest is dropped;
 *   <li>reports of presence: beyond {@value #MAX_REPORT_BYTES} bytes, the oldest is dropped, and the other nodes notice.
 * </ul>
 *
 * <p>Thread-safe. Only {@link #take} waits.
 */
final class Outgoing {
    static final int MAX_CHANNELS = 20_000;
    static final int MAX_CHARACTERS = 4 << 20;
    static final int MAX_CHANGES = 20_000;
    static final int MAX_REPORT_BYTES = 32 << 20;

    /** What an event costs in addition to its data. */
    private static final int EVENT_OVERHEAD = 200;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    // guarded by lock
    private final Map<ChannelName, EventId> moved = new HashMap<>();
    private final Deque<Event> unstored = new ArrayDeque<>();
    private final Deque<AccessChanged> changes = new ArrayDeque<>();
    private final Deque<Present> reports = new ArrayDeque<>();
    private long reportBytes;
    private long characters;
    private boolean hasDropped;

    /** Adds the announcements of events that were sent on this node. */
    void add(List<Event> events) {
        lock.lock();
        try {
            events.forEach(this::add);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    private void add(Event event) {
        if (event.isStored()) {
            addMoved(event.channel(), event.id());
        } else {
            addUnstored(event);
        }
    }

    private void addMoved(ChannelName channel, EventId newest) {
        if (moved.containsKey(channel) || moved.size() < MAX_CHANNELS) {
            moved.merge(channel, newest, Outgoing::newer);
        }
    }

    /** Adds the newest position of a channel. */
    void add(ChannelName channel, EventId newest) {
        lock.lock();
        try {
            addMoved(channel, newest);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    private static EventId newer(EventId known, EventId other) {
        return known.epoch().equals(other.epoch()) && known.sequence() > other.sequence() ? known : other;
    }

    private void addUnstored(Event event) {
        unstored.add(event);
        characters += event.data().length() + EVENT_OVERHEAD;
        if (characters > MAX_CHARACTERS) {
            dropUnstored();
        }
    }

    private void dropUnstored() {
        unstored.clear();
        characters = 0;
        hasDropped = true;
    }

    /** Adds rights that may have changed. */
    void add(AccessChanged change) {
        lock.lock();
        try {
            changes.add(change);
            if (changes.size() > MAX_CHANGES) {
                changes.remove();
            }
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a report of presence. */
    void add(Present report) {
        lock.lock();
        try {
            reports.add(report);
            reportBytes += report.report().remaining();
            while (reportBytes > MAX_REPORT_BYTES) {
                reportBytes -= reports.remove().report().remaining();
            }
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes everything.
     *
     * @param patience how long to wait if there is nothing
     */
    List<BusMessage> take(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (isEmpty() && left > 0) {
                left = filled.awaitNanos(left);
            }
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return moved.isEmpty() && unstored.isEmpty() && changes.isEmpty() && reports.isEmpty() && !hasDropped;
    }

    private List<BusMessage> takeAll() {
        List<BusMessage> messages = new ArrayList<>(changes);
        changes.clear();
        if (hasDropped) {
            messages.add(new Dropped());
            hasDropped = false;
        }
        unstored.forEach(event -> messages.add(new Unstored(event)));
        unstored.clear();
        characters = 0;
        if (!moved.isEmpty()) {
            messages.add(new Moved(moved));
            moved.clear();
        }
        messages.addAll(reports);
        reports.clear();
        reportBytes = 0;
        return messages;
    }

    /** Takes back messages that could not be published: changed rights are tried again, the rest is lost. */
    void putBack(List<BusMessage> unpublished) {
        lock.lock();
        try {
            for (int i = unpublished.size() - 1; i >= 0; i--) {
                BusMessage message = unpublished.get(i);
                if (message instanceof AccessChanged change && changes.size() < MAX_CHANGES) {
                    changes.addFirst(change);
                } else if (message instanceof Unstored || message instanceof Dropped) {
                    hasDropped = true;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
