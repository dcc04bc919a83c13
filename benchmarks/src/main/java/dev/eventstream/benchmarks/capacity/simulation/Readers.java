package dev.eventstream.benchmarks.capacity.simulation;

import java.util.Arrays;

/** The readers, by number. Each is in one list at most, so that one array links all lists. */
final class Readers {
    /** The end of a list. */
    static final int NONE = -1;

    /** The stream is open and has everything. */
    static final byte LIVE = 0;
    /** As {@link #LIVE}, but the drain of its node will end it. */
    static final byte ENDING = 1;
    /** Waits until it tries to connect. */
    static final byte AWAY = 2;
    /** Waits in the line of its node. */
    static final byte IN_LINE = 3;
    /** Has a stream, and reads what it missed. */
    static final byte CATCHING_UP = 4;

    private static final int LONG_AGO = -10 * Client.HEALTHY;

    final int[] next;
    final int[] lostAt;
    /** When the reader became live, lost its stream, or joined the line. */
    final int[] since;

    final int[] node;
    final byte[] state;
    /** Interruptions and failures since the reader had a healthy stream. */
    final byte[] attempts;

    private int away;

    Readers(int number) {
        next = new int[number];
        lostAt = new int[number];
        since = new int[number];
        node = new int[number];
        state = new byte[number];
        attempts = new byte[number];
        Arrays.fill(since, LONG_AGO);
    }

    int size() {
        return next.length;
    }

    /** How many are not live. */
    int away() {
        return away;
    }

    boolean isLive(int reader) {
        return state[reader] <= ENDING;
    }

    /** A live stream has ended. */
    void lost(int reader, int now) {
        if (now - since[reader] >= Client.HEALTHY) {
            attempts[reader] = 0;
        }
        lostAt[reader] = now;
        away++;
        interrupted(reader);
    }

    /** A stream that was not live has ended, or a connection has failed. */
    void interrupted(int reader) {
        state[reader] = AWAY;
        if (attempts[reader] < Byte.MAX_VALUE) {
            attempts[reader]++;
        }
    }

    /** A server has answered with an error, after which an EventSource stops, and the client continues with its own delays. */
    void gotError(int reader) {
        attempts[reader] = (byte) Math.max(attempts[reader], Client.OWN_RECONNECTS);
        interrupted(reader);
    }

    void isBack(int reader, int now) {
        state[reader] = LIVE;
        since[reader] = now;
        away--;
    }
}
