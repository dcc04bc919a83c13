package dev.eventstream.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.loop.SettableTicker;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingBytesTest {
    private static final int WRITE = PendingBytes.MAX_WRITE_BYTES;
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final SettableTicker ticker = new SettableTicker();
    private final PendingBytes pending = new PendingBytes(memory, ticker);

    private void add(String text) {
        SharedBytes bytes = SharedBytes.unconditional(text.getBytes(UTF_8), memory);
        pending.add(bytes);
        bytes.release();
    }

    private void add(int count) {
        add("x".repeat(count));
    }

    private void useMemory(long bytes) {
        SharedBytes unused = SharedBytes.unconditional(new byte[(int) bytes], memory);
    }

    private String write() {
        return UTF_8.decode(pending.nextWrite()).toString();
    }

    /** The sizes of all writes that are left. */
    private List<Integer> writes() {
        List<Integer> sizes = new ArrayList<>();
        for (int next = pending.nextWrite().remaining();
                next > 0;
                next = pending.nextWrite().remaining()) {
            sizes.add(next);
            pending.written();
        }
        return sizes;
    }

    private long withoutProgress() {
        return pending.nanosWithoutProgress(ticker.read());
    }

    @Test
    void without_bytes_there_is_nothing_to_write() {
        add("");

        assertThat(pending.count()).isZero();
        assertThat(write()).isEmpty();
        assertThat(memory.used()).isZero();
    }

    @Test
    void bytes_are_pending_until_their_write_has_ended() {
        add("one");
        add("three");
        assertThat(pending.count()).isEqualTo(8);
        assertThat(write()).isEqualTo("onethree");
        add("six");
        assertThat(pending.count()).isEqualTo(11);
        assertThat(pending.written()).isFalse();
        assertThat(pending.count()).isEqualTo(3);
        assertThat(write()).isEqualTo("six");
        assertThat(pending.written()).isFalse();

        assertThat(pending.count()).isZero();
        assertThat(memory.used()).isZero();
    }

    @Test
    void buffers_are_joined_while_they_fit_into_one_write() {
        add(WRITE - 1);
        add(1);
        add(1);
        add(WRITE);
        add(WRITE + 1);
        add(WRITE - 1);
        add(1);

        assertThat(writes()).containsExactly(WRITE, 1, WRITE, WRITE, WRITE, 1);
    }

    @Test
    void bytes_leave_in_order_in_full_and_in_small_writes_whatever_their_sizes() {
        Random random = new Random(7);
        StringBuilder expected = new StringBuilder();
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            int size = random.nextInt(10) == 0 ? random.nextInt(3 * WRITE) : random.nextInt(2_000);
            String text = String.valueOf((char) ('a' + i % 26)).repeat(size);
            add(text);
            expected.append(text);
            for (int writes = random.nextInt(3); writes > 0; writes--) {
                String next = write();
                assertThat(next.length()).isLessThanOrEqualTo(WRITE);
                written.append(next);
                pending.written();
            }
            assertThat(pending.count()).isEqualTo(expected.length() - written.length());
        }
        for (String next = write(); !next.isEmpty(); next = write()) {
            written.append(next);
            pending.written();
        }

        assertThat(written.toString()).isEqualTo(expected.toString());
        assertThat(memory.used()).isZero();
    }

    @Test
    void what_is_discarded_counts_no_longer_and_is_not_written() {
        add(3 * WRITE);
        add(1);
        pending.nextWrite();
        pending.discard();

        assertThat(pending.count()).isZero();
        assertThat(memory.used()).isZero();
        assertThat(write()).isEmpty();
        assertThat(pending.written()).isFalse();
    }

    @Test
    void more_is_refused_from_256_kilobytes_on_until_enough_is_written() {
        add(PendingBytes.MAX_BYTES - 1);
        assertThat(pending.refuses()).isFalse();
        add(1);
        assertThat(pending.refuses()).isTrue();
        pending.nextWrite();
        assertThat(pending.refuses()).isTrue();
        assertThat(pending.written()).isFalse();

        assertThat(pending.refuses()).isFalse();
    }

    @Test
    void more_is_refused_from_the_share_of_one_stream_on() {
        useMemory(memory.limit() / 4 * 3 - 16 * 1_000);
        add(1);
        long share = memory.streamShare();
        assertThat(share).isBetween(900L, 1_000L);
        assertThat(pending.refuses()).isFalse();
        add((int) share);

        assertThat(pending.refuses()).isTrue();
    }

    @Test
    void a_stream_with_nothing_pending_refuses_nothing_however_short_memory_is() {
        useMemory(memory.limit());
        assertThat(memory.streamShare()).isZero();

        assertThat(pending.refuses()).isFalse();
    }

    @Test
    void after_a_refusal_the_end_of_the_last_write_is_reported_once() {
        add(PendingBytes.MAX_BYTES);
        assertThat(pending.refuses()).isTrue();
        List<Boolean> drained = new ArrayList<>();
        while (pending.nextWrite().hasRemaining()) {
            drained.add(pending.written());
        }
        assertThat(drained).hasSize(PendingBytes.MAX_BYTES / WRITE).endsWith(true);
        assertThat(drained.subList(0, drained.size() - 1)).containsOnly(false);
        add(1);
        pending.nextWrite();

        assertThat(pending.written()).isFalse();
    }

    @Test
    void progress_is_a_write_that_ends_or_the_first_byte_that_waits() {
        ticker.advance(MOMENT);
        assertThat(withoutProgress()).isEqualTo(MOMENT.toNanos());
        add(1);
        assertThat(withoutProgress()).isZero();
        ticker.advance(MOMENT);
        add(1);
        pending.nextWrite();
        assertThat(withoutProgress()).isEqualTo(MOMENT.toNanos());
        pending.written();

        assertThat(withoutProgress()).isZero();
    }
}
