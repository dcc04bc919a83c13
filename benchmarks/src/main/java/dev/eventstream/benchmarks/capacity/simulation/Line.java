package dev.eventstream.benchmarks.capacity.simulation;

/** A list of readers in the order in which they came. */
final class Line {
    private final int[] next;
    private int first = Readers.NONE;
    private int last = Readers.NONE;
    private int size;

    Line(Readers readers) {
        this.next = readers.next;
    }

    void add(int reader) {
        next[reader] = Readers.NONE;
        if (last == Readers.NONE) {
            first = reader;
        } else {
            next[last] = reader;
        }
        last = reader;
        size++;
    }

    int first() {
        return first;
    }

    int remove() {
        int reader = first;
        first = next[reader];
        if (first == Readers.NONE) {
            last = Readers.NONE;
        }
        size--;
        return reader;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void clear() {
        first = Readers.NONE;
        last = Readers.NONE;
        size = 0;
    }
}
