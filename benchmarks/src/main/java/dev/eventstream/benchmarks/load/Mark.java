package dev.eventstream.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The beginning of the data of each event: a character that occurs nowhere else on a stream, and the time at which the event was due to be
 * sent, as 16 hexadecimal digits of {@link System#nanoTime}. Readers and publishers are in the same JVM, so the times compare.
 */
final class Mark {
    /** The character; it needs no escape in JSON or in a stream. */
    static final byte START = '~';

    /** Bytes of a mark. */
    static final int LENGTH = 17;

    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };
    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;

    private Mark() {}

    /** Writes the time of a mark whose first character is at that index. */
    static void write(ByteBuffer buffer, int index, long nanos) {
        for (int i = 0; i < LENGTH - 1; i++) {
            buffer.put(index + 1 + i, DIGITS[(int) (nanos >>> (60 - 4 * i)) & 15]);
        }
    }

    /**
     * How many marks begin between two indexes. It looks at eight bytes at a time, because this search limits how much the load generator
     * can receive.
     *
     * @param buffer with native byte order
     */
    static int count(ByteBuffer buffer, int from, int to) {
        assert buffer.order() == ByteOrder.nativeOrder();
        int count = 0;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long different = buffer.getLong(i) ^ (START * EACH_BYTE);
            // the highest bit of each byte of the sum is set unless that byte is 0
            long sum = ((different & LOW_BITS) + LOW_BITS) | different | LOW_BITS;
            count += Long.bitCount(~sum);
        }
        for (; i < to; i++) {
            count += buffer.get(i) == START ? 1 : 0;
        }
        return count;
    }

    /** The value of a hexadecimal digit, or a negative number. */
    static int digit(byte b) {
        return Character.digit(b, 16);
    }
}
