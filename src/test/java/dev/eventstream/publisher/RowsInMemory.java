package dev.eventstream.publisher;

import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.OutboxEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Outbox rows that are due when a test decides. Thread-safe. */
final class RowsInMemory implements Outbox {
    private final Set<OutboxEntry> rows = new LinkedHashSet<>();
    private final Set<OutboxEntry> due = new LinkedHashSet<>();
    private boolean broken;

    synchronized void add(OutboxEntry row) {
        rows.add(row);
        due.add(row);
    }

    /** Makes all of them due again. */
    synchronized void makeDue() {
        due.addAll(rows);
    }

    synchronized List<OutboxEntry> all() {
        return new ArrayList<>(rows);
    }

    synchronized void setBroken(boolean broken) {
        this.broken = broken;
    }

    @Override
    public synchronized List<OutboxEntry> claimDue(int limit) {
        requireSound();
        List<OutboxEntry> claimed = due.stream().limit(limit).toList();
        claimed.forEach(due::remove);
        return claimed;
    }

    @Override
    public synchronized void delete(Collection<OutboxEntry> announced) {
        requireSound();
        rows.removeAll(announced);
        due.removeAll(announced);
    }

    private void requireSound() {
        if (broken) {
            throw new EventStoreException("down");
        }
    }
}
