package dev.eventstream.subscriber;

import java.util.Arrays;

/**
 * Bytes that are added one after another. Unlike {@link java.io.ByteArrayOutputStream}, it has no lock, which would cost as much as copying
 * a small event.
 *
 * <p>Confined to one thread.
 */
final class GrowingBytes {
    /** The longest array that every JVM allows. */
    private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

    private byte[] bytes = new byte[512];
    private int size;

    void add(byte[] source) {
        add(source, 0, source.length);
    }

    /** Adds the bytes of an array from an index to another. */
    void add(byte[] source, int from, int to) {
        int length = to - from;
        int wanted = Math.addExact(size, length);
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(2L * bytes.length, MAX_LENGTH)));
        }
        System.arraycopy(source, from, bytes, size, length);
        size = wanted;
    }

    int size() {
        return size;
    }

    /** A copy of the bytes. */
    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }
}
