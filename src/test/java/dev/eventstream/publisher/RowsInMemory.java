package dev.eventstream.publisher;

import dev.eventstream.store.AnnouncementRows;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.Unannounced;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Announcement rows that are due when a test says so. Thread-safe. */
final class RowsInMemory implements AnnouncementRows {
    private final Set<Unannounced> rows = new LinkedHashSet<>();
    private final Set<Unannounced> due = new LinkedHashSet<>();
    private boolean broken;

    synchronized void add(Unannounced row) {
        rows.add(row);
        due.add(row);
    }

    /** All of them are due again. */
    synchronized void makeDue() {
        due.addAll(rows);
    }

    synchronized List<Unannounced> all() {
        return new ArrayList<>(rows);
    }

    synchronized void setBroken(boolean broken) {
        this.broken = broken;
    }

    @Override
    public synchronized List<Unannounced> claimDue(int limit) {
        requireSound();
        List<Unannounced> claimed = due.stream().limit(limit).toList();
        claimed.forEach(due::remove);
        return claimed;
    }

    @Override
    public synchronized void delete(Collection<Unannounced> announced) {
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
