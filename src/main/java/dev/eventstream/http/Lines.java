package dev.eventstream.http;

import java.io.ByteArrayOutputStream;

/**
 * Splits bytes into lines, each ended by LF. Keeps the beginning of an incomplete line until the rest arrives, and forgets a
 * line as soon as it is too long.
 *
 * <p>Confined to one thread.
 */
final class Lines {
    private final int maxBytes;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private boolean isTooLong;

    /** Receives the lines in order. */
    interface Sink {
        /**
         * A line without its LF.
         *
         * @param bytes the line is a part of them, until this returns
         */
        void line(byte[] bytes, int from, int length);

        /**
         * A line that is longer than allowed.
         *
         * @param maxBytes the longest line that is allowed
         */
        void lineTooLong(int maxBytes);
    }

    /**
     * @param maxBytes the longest line, without its LF
     */
    Lines(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds the first bytes of an array. */
    void add(byte[] bytes, int count, Sink sink) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                complete(bytes, from, i - from, sink);
                from = i + 1;
            }
        }
        keep(bytes, from, count - from);
    }

    private void complete(byte[] bytes, int from, int length, Sink sink) {
        if (begun.size() == 0 && !isTooLong && length <= maxBytes) {
            sink.line(bytes, from, length);
        } else {
            keep(bytes, from, length);
            end(sink);
        }
    }

    private void keep(byte[] bytes, int from, int length) {
        if (isTooLong || begun.size() + length > maxBytes) {
            isTooLong = true;
            begun.reset();
        } else {
            begun.write(bytes, from, length);
        }
    }

    /** Completes a last line that no LF has ended. */
    void end(Sink sink) {
        if (isTooLong) {
            isTooLong = false;
            sink.lineTooLong(maxBytes);
        } else if (begun.size() > 0) {
            byte[] line = begun.toByteArray();
            begun.reset();
            sink.line(line, 0, line.length);
        }
    }
}
