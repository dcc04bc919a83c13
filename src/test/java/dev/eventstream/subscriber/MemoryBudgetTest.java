package dev.eventstream.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final int LIMIT = 64 << 20;

    private final MemoryBudget memory = new MemoryBudget(LIMIT);

    @Test
    void memory_beyond_the_limit_is_refused_and_not_counted() {
        assertThat(memory.tryReserve(LIMIT / 2)).isTrue();
        assertThat(memory.tryReserve(LIMIT / 2 + 1)).isFalse();
        assertThat(memory.used()).isEqualTo(LIMIT / 2);
        assertThat(memory.tryReserve(LIMIT / 2)).isTrue();
        assertThat(memory.tryReserve(1)).isFalse();
    }

    @Test
    void one_large_piece_gets_through_while_less_than_half_is_in_use() {
        memory.reserve(LIMIT / 2 - 1);
        assertThat(memory.tryReserve(2L * LIMIT)).isTrue();
        assertThat(memory.tryReserve(2L * LIMIT)).isFalse();
        memory.release(2L * LIMIT);
        memory.reserve(1);
        assertThat(memory.tryReserve(2L * LIMIT)).isFalse();
    }

    @Test
    void share_of_a_stream_and_chunks_shrink_as_memory_runs_out() {
        assertThat(memory.streamShare()).isEqualTo((LIMIT - LIMIT / 4) / 16);
        assertThat(memory.chunkBytes()).isEqualTo(32 << 10);
        assertThat(memory.hasRoom()).isTrue();

        memory.reserve(LIMIT / 4 * 3);
        assertThat(memory.streamShare()).isZero();
        assertThat(memory.chunkBytes()).isEqualTo(LIMIT / 8 / 256);
        assertThat(memory.hasRoom()).isTrue();

        memory.reserve(LIMIT / 8);
        assertThat(memory.hasRoom()).isFalse();
        assertThat(memory.chunkBytes()).isEqualTo(1 << 10);

        memory.reserve(LIMIT);
        assertThat(memory.streamShare()).isZero();
        assertThat(memory.chunkBytes()).isEqualTo(1 << 10);
    }

    @Test
    void limit_must_be_positive() {
        assertThatThrownBy(() -> new MemoryBudget(0)).hasMessage("the memory budget is 0 bytes; allowed is 1 or more");
        assertThat(new MemoryBudget(1).limit()).isEqualTo(1);
    }

    @Test
    void shared_bytes_count_once_until_the_last_holder_releases_them() {
        SharedBytes bytes = SharedBytes.reserve(new byte[1_000], memory).orElseThrow();
        long alone = memory.used();
        assertThat(alone).isBetween(1_001L, 1_300L);
        bytes.retain();
        bytes.retain();
        assertThat(memory.used() - alone).isBetween(1L, 300L);

        bytes.release();
        bytes.release();
        assertThat(memory.used()).isEqualTo(alone);
        bytes.release();
        assertThat(memory.used()).isZero();
        assertThatThrownBy(bytes::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shared_bytes_need_room() {
        memory.reserve(LIMIT);
        assertThat(SharedBytes.reserve(new byte[1], memory)).isEmpty();
        assertThat(memory.used()).isEqualTo(LIMIT);
        SharedBytes forced = SharedBytes.unconditional(new byte[1], memory);
        assertThat(memory.used()).isGreaterThan(LIMIT);
        forced.release();
        assertThat(memory.used()).isEqualTo(LIMIT);
    }

    @Test
    void each_holder_reads_from_the_start() {
        SharedBytes bytes = SharedBytes.unmetered("text".getBytes(UTF_8));
        assertThat(UTF_8.decode(bytes.buffer()).toString()).isEqualTo("text");
        assertThat(UTF_8.decode(bytes.buffer()).toString()).isEqualTo("text");
        assertThat(bytes.length()).isEqualTo(4);
        bytes.retain();
        bytes.release();
        bytes.release();
    }
}
