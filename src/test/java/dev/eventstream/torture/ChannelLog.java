package dev.eventstream.torture;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;

/**
 * The reports about one log of a channel: a few numbers for each event, by sequence.
 *
 * <p>Guarded by the monitor of {@link Truth}.
 */
final class ChannelLog {
    /** The number in place of a user's for an event that nobody gets: the end of the channel. */
    static final int EVERYONE = -1;

    private static final long MAX_EVENTS = 100_000_000;
    private static final int MAX_READS = 100;

    final String channel;
    final String epoch;

    /** Hashes of the events in the log; 0 for none. */
    private long[] logged = new long[1024];

    /** Hashes of the events that the first reader received. */
    private long[] shown = new long[1024];

    /** Hashes of the events that a writer knows to be committed. */
    private long[] told = new long[1024];

    /** The number of the user that must not get the event, from 1; 0 for none. */
    private byte[] skip = new byte[1024];

    /** The sequences of events that readers of some types get. */
    final BitSet rare = new BitSet();

    /** The last sequence that was read. */
    long followed;

    /** When sequences were read, in milliseconds; the oldest first. Only of latest channels. */
    private final Deque<Read> reads = new ArrayDeque<>();

    private record Read(long atMillis, long through) {}

    /** The last sequence that was trimmed. */
    long trimmed;

    /** Whether it was deleted as a whole. */
    boolean wiped;

    /** When the wipe was noticed, by {@link System#nanoTime}. */
    long wipedAtNanos;

    long highest;

    ChannelLog(String channel, String epoch) {
        this.channel = channel;
        this.epoch = epoch;
    }

    void noteRead(long through, long nowMillis) {
        reads.addLast(new Read(nowMillis, through));
        if (reads.size() > MAX_READS) {
            reads.removeFirst();
        }
    }

    /** Through which sequence the log had been read at that time; 0 if that is not known. */
    long readAt(long millis) {
        long through = 0;
        for (Read read : reads) {
            if (read.atMillis() > millis) {
                break;
            }
            through = read.through();
        }
        return through;
    }

    long logged(long sequence) {
        return at(logged, sequence);
    }

    long shown(long sequence) {
        return at(shown, sequence);
    }

    long told(long sequence) {
        return at(told, sequence);
    }

    int skip(long sequence) {
        return sequence < skip.length ? skip[(int) sequence] : 0;
    }

    void setLogged(long sequence, long hash, int skippedUser) {
        grow(sequence);
        logged[(int) sequence] = hash;
        skip[(int) sequence] = (byte) skippedUser;
    }

    void setShown(long sequence, long hash) {
        grow(sequence);
        shown[(int) sequence] = hash;
    }

    void setTold(long sequence, long hash) {
        grow(sequence);
        told[(int) sequence] = hash;
    }

    /** Whether the event was trimmed before the checker could read it. */
    boolean isUnverifiable(long sequence) {
        return logged(sequence) == 0 && sequence <= followed && sequence <= trimmed;
    }

    private static long at(long[] values, long sequence) {
        return sequence < values.length ? values[(int) sequence] : 0;
    }

    private void grow(long sequence) {
        if (sequence > MAX_EVENTS) {
            throw new IllegalStateException(
                    "sequence " + sequence + " is beyond the limit of this program, " + MAX_EVENTS);
        }
        highest = Math.max(highest, sequence);
        if (sequence >= logged.length) {
            int length = (int) Math.max(sequence + 1, logged.length * 3L / 2);
            logged = Arrays.copyOf(logged, length);
            shown = Arrays.copyOf(shown, length);
            told = Arrays.copyOf(told, length);
            skip = Arrays.copyOf(skip, length);
        }
    }
}
