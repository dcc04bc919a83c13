package dev.eventstream.torture;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * The facts in the data of every event, followed by padding.
 *
 * @param writer the number of the writer
 * @param serial counts the events of the writer
 * @param at when it was sent, in milliseconds of the coordinator's clock
 * @param skip the user that must not get it; empty for none
 */
record Token(int writer, int serial, String channel, long at, String skip) {
    private static final String MARK = "token";

    /** Reads the data of an event. */
    static Token parse(String data) {
        List<String> parts = Splitter.on('|').limit(6).splitToList(data);
        if (parts.size() != 6 || !parts.get(0).startsWith(MARK)) {
            throw new IllegalArgumentException("no writer sent this data");
        }
        List<String> name = Splitter.on('.').splitToList(parts.get(1));
        return new Token(
                Integer.parseInt(name.get(0).substring(1)),
                Integer.parseInt(name.get(1)),
                parts.get(2),
                Long.parseLong(parts.get(3)),
                parts.get(4));
    }

    /** Whether it is one of the events that readers of some types get. */
    boolean isRare() {
        return channel.equals(Channels.TYPED) && serial % 4 == 0;
    }

    String type() {
        return isRare() ? Channels.RARE : "message";
    }

    /** The data of the event, padded. */
    String data(int padding) {
        return MARK + '|' + this + '|' + channel + '|' + at + '|' + skip + '|' + "x".repeat(padding);
    }

    /** A hash of the whole data; never 0. */
    static long hash(String data) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < data.length(); i++) {
            hash = (hash ^ data.charAt(i)) * 0x100000001b3L;
            hash ^= hash >>> 29;
        }
        return hash == 0 ? 1 : hash;
    }

    /** Its name in the trace. */
    @Override
    public String toString() {
        return "w" + writer + '.' + serial;
    }
}
