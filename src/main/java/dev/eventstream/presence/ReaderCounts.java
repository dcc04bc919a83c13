package dev.eventstream.presence;

import dev.eventstream.channel.Attendee;
import java.util.HashMap;
import java.util.Map;

/**
 * The streams of each reader that one node or proxy reports. The memory is bounded: the names of all readers and their channels have
 * at most {@value #MAX_CHARACTERS} characters, which is enough for about 100,000 readers.
 *
 * <p>Confined to one thread, or guarded by its owner.
 */
final class ReaderCounts {
    static final int MAX_CHARACTERS = 4 << 20;

    /** The characters that a reader costs besides its names. */
    private static final int OVERHEAD = 20;

    private final Map<Attendee, Integer> counts = new HashMap<>();
    private int characters;

    int of(Attendee attendee) {
        return counts.getOrDefault(attendee, 0);
    }

    /**
     * Sets the number of a reader's streams; 0 removes the reader.
     *
     * @return whether there was room
     */
    boolean set(Attendee attendee, int streams) {
        if (streams <= 0) {
            if (counts.remove(attendee) != null) {
                characters -= cost(attendee);
            }
            return true;
        }
        if (!counts.containsKey(attendee)) {
            if (characters + cost(attendee) > MAX_CHARACTERS) {
                return false;
            }
            characters += cost(attendee);
        }
        counts.put(attendee, streams);
        return true;
    }

    private static int cost(Attendee attendee) {
        String user = attendee.user();
        return OVERHEAD + attendee.channel().value().length() + (user == null ? 0 : user.length());
    }

    Map<Attendee, Integer> all() {
        return Map.copyOf(counts);
    }
}
