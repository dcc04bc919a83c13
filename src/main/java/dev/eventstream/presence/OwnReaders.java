package dev.eventstream.presence;

import dev.eventstream.channel.Attendee;
import dev.eventstream.presence.Message.Changes;
import dev.eventstream.presence.Message.Whole;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The readers whose streams this node holds, and the changes that the other nodes do not know yet.
 *
 * <p>Thread-safe.
 */
final class OwnReaders {
    static final String SOURCE = "this node";

    private final PresentReaders all;

    // guarded by this
    private final Set<Attendee> changed = new HashSet<>();
    private long version;
    private int uncounted;

    OwnReaders(PresentReaders all) {
        this.all = all;
    }

    /**
     * Counts another stream.
     *
     * @return whether there was room; if not, the stream is not counted
     */
    synchronized boolean enter(Attendee attendee) {
        if (!all.set(SOURCE, attendee, all.of(SOURCE, attendee) + 1)) {
            uncounted++;
            return false;
        }
        changed.add(attendee);
        return true;
    }

    /**
     * Stops counting a stream.
     *
     * @param wasCounted what {@link #enter} returned
     */
    synchronized void leave(Attendee attendee, boolean wasCounted) {
        if (!wasCounted) {
            uncounted--;
            return;
        }
        boolean unused = all.set(SOURCE, attendee, all.of(SOURCE, attendee) - 1);
        changed.add(attendee);
    }

    /** Whether every stream is counted. */
    synchronized boolean isComplete() {
        return uncounted == 0;
    }

    synchronized long version() {
        return version;
    }

    /** What has changed since the last call; empty if nothing has. */
    synchronized Optional<Changes> takeChanges() {
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        Map<Attendee, Integer> counts = new HashMap<>();
        changed.forEach(attendee -> counts.put(attendee, all.of(SOURCE, attendee)));
        changed.clear();
        return Optional.of(new Changes(version++, counts));
    }

    /** Everything, including what has changed since the last call of {@link #takeChanges}, as the next version. */
    synchronized Whole takeWhole() {
        if (!changed.isEmpty()) {
            changed.clear();
            version++;
        }
        return new Whole(version, all.of(SOURCE));
    }
}
