package dev.eventstream.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** What one reader has received. Confined to the thread of {@link StreamReaders}. */
final class StreamReader {
    private final HttpAnswer answer = new HttpAnswer();
    private final boolean readsTimes;
    private long events;
    private boolean isOpen;
    private int digits = -1;
    private long time;

    StreamReader(boolean readsTimes) {
        this.readsTimes = readsTimes;
    }

    long events() {
        return events;
    }

    boolean isOpen() {
        return isOpen;
    }

    /**
     * Takes the bytes between position and limit.
     *
     * @param times gets the time in each mark, if the reader reads times
     * @return the number of events that began
     */
    int take(ByteBuffer in, LongConsumer times) throws IOException {
        int begun = 0;
        if (!isOpen) {
            // no mark is in the head
            begun = open(in, times);
        } else if (readsTimes) {
            begun = readTimes(in, times);
        } else {
            begun = Mark.count(in, in.position(), in.limit());
        }
        events += begun;
        return begun;
    }

    private int open(ByteBuffer in, LongConsumer times) throws IOException {
        int begun = readTimes(in, times);
        if (answer.hasHead()) {
            if (answer.status() != 200) {
                throw new IOException("a stream was refused with status " + answer.status());
            }
            isOpen = true;
        }
        return begun;
    }

    private int readTimes(ByteBuffer in, LongConsumer times) throws IOException {
        int[] begun = {0};
        boolean ended = answer.read(in, (buffer, from, to) -> {
            for (int i = from; i < to; i++) {
                begun[0] += next(buffer.get(i), times);
            }
        });
        if (ended) {
            throw new IOException("a stream ended");
        }
        return begun[0];
    }

    private int next(byte b, LongConsumer times) {
        if (b == Mark.START) {
            digits = 0;
            time = 0;
            return 1;
        }
        if (digits >= 0) {
            time = time << 4 | Mark.digit(b);
            if (++digits == Mark.LENGTH - 1) {
                digits = -1;
                times.accept(time);
            }
        }
        return 0;
    }
}
