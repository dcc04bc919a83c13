package dev.eventstream.torture;

import java.util.BitSet;

/**
 * The events between two that a reader received. The gap is right if each of them skips the reader's user.
 *
 * <p>Guarded by the monitor of {@link Truth}.
 */
final class Gap {
    final String reader;
    final String user;
    final boolean rareOnly;
    final String channel;
    final String epoch;
    final long from;
    final long to;
    final long sinceNanos = System.nanoTime();
    private final BitSet filled = new BitSet();

    /**
     * @param user empty for an anonymous reader
     * @param rareOnly whether the reader gets only events of the rare type
     * @param from the first missing sequence
     * @param to the last
     */
    Gap(String reader, String user, boolean rareOnly, String channel, String epoch, long from, long to) {
        this.reader = reader;
        this.user = user;
        this.rareOnly = rareOnly;
        this.channel = channel;
        this.epoch = epoch;
        this.from = from;
        this.to = to;
    }

    /** Notes that an event of the gap arrived after all; false if it is outside the gap, or arrived before. */
    boolean fill(Position position) {
        if (!position.isOf(epoch) || position.sequence() < from || position.sequence() > to) {
            return false;
        }
        int index = (int) (position.sequence() - from);
        boolean isNew = !filled.get(index);
        filled.set(index);
        return isNew;
    }

    boolean isFilled(long sequence) {
        return filled.get((int) (sequence - from));
    }

    @Override
    public String toString() {
        return "reader=" + reader + " user=" + user + " channel=" + channel + " from=" + epoch + '-' + from + " to="
                + epoch + '-' + to;
    }
}
