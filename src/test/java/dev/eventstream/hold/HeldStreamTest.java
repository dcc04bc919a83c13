package dev.eventstream.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.loop.SettableTicker;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import dev.eventstream.subscriber.StreamSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldStreamTest {
    private static final String KEEP_ALIVE = "event: keep-alive\ndata:\n\n";
    private static final Duration INTERVAL = Duration.ofSeconds(20);
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final SettableTicker ticker = new SettableTicker();
    private final MemoryBudget memory = new MemoryBudget(64L << 20);
    private final HeldResponse response = new HeldResponse();
    private final List<String> log = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private final class Exchange implements Callback {
        @Override
        public void succeeded() {
            log.add("succeeded");
        }

        @Override
        public void failed(Throwable failure) {
            log.add("failed");
            failures.add(failure);
        }
    }

    private final class Log implements StreamSink.Listener {
        @Override
        public void drained() {
            log.add("drained");
        }

        @Override
        public void closed(CloseReason reason) {
            log.add("closed " + reason.label());
        }
    }

    private HeldStream stream(String firstBytes) {
        return stream(response, ByteBuffer.wrap(firstBytes.getBytes(UTF_8)), new Log());
    }

    private HeldStream stream(HeldResponse to, ByteBuffer firstBytes, StreamSink.Listener listener) {
        SharedBytes shared = shared(firstBytes);
        HeldStream stream = new HeldStream(
                new ResponseOutput(to),
                new Exchange(),
                shared,
                memory,
                new HoldTimes(INTERVAL, STALL, ticker),
                ended -> log.add("removed"));
        shared.release();
        stream.setListener(listener);
        return stream;
    }

    private SharedBytes shared(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return SharedBytes.unconditional(copy, memory);
    }

    private boolean offer(HeldStream stream, ByteBuffer bytes) {
        SharedBytes shared = shared(bytes);
        boolean isTaken = stream.offer(shared);
        shared.release();
        return isTaken;
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.wrap("x".repeat(count).getBytes(UTF_8));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private void maintain(HeldStream stream) {
        stream.maintain(ticker.read());
    }

    // ---- writes

    @Test
    void first_bytes_wait_for_the_start_and_precede_earlier_offers() {
        HeldStream stream = stream("first,");
        assertThat(response.writes).isEmpty();
        assertThat(stream.pendingBytes()).isEqualTo(6);

        assertThat(offer(stream, bytes("second"))).isTrue();
        stream.start();

        response.allTaken();
        assertThat(response.text()).isEqualTo("first,second");
        assertThat(stream.pendingBytes()).isZero();
        assertThat(log).isEmpty();
    }

    @Test
    void buffers_that_wait_behind_a_write_leave_together() {
        HeldStream stream = stream("");
        stream.start();
        assertThat(response.writes).isEmpty();
        offer(stream, bytes("a"));
        offer(stream, bytes("b"));
        offer(stream, bytes("c"));
        assertThat(stream.pendingBytes()).isEqualTo(3);
        response.taken();

        assertThat(response.writes).containsExactly(bytes("a"), bytes("bc"));
        assertThat(stream.pendingBytes()).isEqualTo(2);
    }

    @Test
    void small_buffers_are_joined_up_to_one_write() {
        HeldStream stream = stream("-");
        stream.start();
        ByteBuffer half = bytes(PendingBytes.MAX_WRITE_BYTES / 2);
        for (int i = 0; i < 3; i++) {
            offer(stream, half);
        }
        response.allTaken();

        assertThat(response.writes)
                .extracting(ByteBuffer::remaining)
                .containsExactly(1, PendingBytes.MAX_WRITE_BYTES, PendingBytes.MAX_WRITE_BYTES / 2);
    }

    @Test
    void a_large_buffer_is_sliced_and_never_copied() {
        HeldStream stream = stream(response, bytes(2 * PendingBytes.MAX_WRITE_BYTES + 1), new Log());
        long used = memory.used();
        stream.start();
        assertThat(memory.used()).isEqualTo(used);
        response.taken();
        assertThat(memory.used()).isEqualTo(used);
        response.allTaken();

        assertThat(PendingBytes.MAX_WRITE_BYTES).isLessThanOrEqualTo(32 << 10);
        assertThat(response.writes)
                .extracting(ByteBuffer::remaining)
                .containsExactly(PendingBytes.MAX_WRITE_BYTES, PendingBytes.MAX_WRITE_BYTES, 1);
        assertThat(memory.used()).isZero();
    }

    @Test
    void written_and_discarded_bytes_no_longer_count_as_memory() {
        HeldStream stream = stream("first");
        stream.start();
        for (int i = 0; i < 5; i++) {
            offer(stream, bytes(10_000));
        }
        assertThat(memory.used()).isGreaterThan(50_000);
        response.taken();
        response.taken();
        assertThat(memory.used()).isPositive().isLessThan(50_000);

        stream.clientGone(new IOException("gone"));

        assertThat(memory.used()).isZero();
    }

    @Test
    void bytes_that_two_streams_share_count_once_until_both_have_written_them() {
        SharedBytes shared = shared(bytes(10_000));
        HeldResponse other = new HeldResponse();
        HeldStream first = stream("");
        HeldStream second = stream(other, bytes(""), new Log());
        first.start();
        second.start();
        first.offer(shared);
        second.offer(shared);
        shared.release();
        assertThat(memory.used()).isBetween(10_000L, 11_000L);

        response.allTaken();
        assertThat(memory.used()).isGreaterThan(10_000);
        other.allTaken();

        assertThat(memory.used()).isZero();
    }

    @Test
    void joined_buffers_leave_one_by_one_if_there_is_no_memory_to_join_them() {
        MemoryBudget full = new MemoryBudget(1);
        HeldStream stream = new HeldStream(
                new ResponseOutput(response),
                new Exchange(),
                SharedBytes.unmetered("first,".getBytes(UTF_8)),
                full,
                new HoldTimes(INTERVAL, STALL, ticker),
                ended -> {});
        stream.setListener(new Log());
        stream.end(bytes("last"), CloseReason.SHUTDOWN);
        stream.start();
        response.allTaken();

        assertThat(response.writes).containsExactly(bytes("first,"), bytes("last"));
    }

    @Test
    void an_offer_is_refused_beyond_the_share_of_one_stream() {
        HeldStream stream = stream("");
        stream.start();
        SharedBytes others = shared(bytes(48 << 20)); // nothing beyond a quarter of the limit is free now
        assertThat(offer(stream, bytes("a"))).isTrue();
        assertThat(offer(stream, bytes("b"))).isFalse();
        others.release();

        assertThat(offer(stream, bytes("c"))).isTrue();
        response.allTaken();
        assertThat(response.text()).isEqualTo("ac");
    }

    @Test
    void a_stream_whose_memory_is_needed_is_aborted() {
        HeldStream stream = stream(response, bytes(100_000), new Log());
        stream.start();
        ticker.advance(MOMENT);
        assertThat(stream.waitingNanos(ticker.read())).isEqualTo(MOMENT.toNanos());
        stream.abort(CloseReason.OVERLOADED);

        assertThat(log).containsExactly("removed", "failed", "closed overloaded");
        assertThat(failures.get(0)).hasMessageContaining("eventStream.memory");
        assertThat(stream.waitingNanos(ticker.read())).isZero();
        assertThat(memory.used()).isZero();
    }

    @Test
    void a_buffer_of_exactly_one_write_is_not_sliced_and_buffers_after_a_large_one_keep_their_order() {
        HeldStream stream = stream("");
        stream.start();
        offer(stream, bytes(PendingBytes.MAX_WRITE_BYTES));
        offer(stream, bytes("a"));
        offer(stream, bytes("b".repeat(PendingBytes.MAX_WRITE_BYTES + 2)));
        offer(stream, bytes("c"));
        response.allTaken();

        assertThat(response.writes)
                .extracting(ByteBuffer::remaining)
                .containsExactly(PendingBytes.MAX_WRITE_BYTES, 1, PendingBytes.MAX_WRITE_BYTES, 3);
        assertThat(response.text()).endsWith("bbc");
    }

    @Test
    void many_writes_that_complete_at_once_do_not_nest() {
        HeldResponse fast = new HeldResponse().completingAtOnce();
        HeldStream stream = stream(fast, bytes(40_000_000), new Log());
        stream.start();

        assertThat(stream.pendingBytes()).isZero();
        assertThat(fast.writes).hasSizeGreaterThan(1_000);
    }

    // ---- overflow

    @Test
    void an_offer_is_refused_while_too_much_is_pending_and_the_listener_is_called_when_everything_is_taken() {
        HeldStream stream = stream("");
        stream.start();
        assertThat(offer(stream, bytes(PendingBytes.MAX_BYTES - 1))).isTrue();
        assertThat(stream.canTake()).isTrue();
        assertThat(offer(stream, bytes(PendingBytes.MAX_WRITE_BYTES))).isTrue();
        assertThat(offer(stream, bytes("no"))).isFalse();
        assertThat(stream.canTake()).isFalse();

        response.taken();
        assertThat(log).isEmpty();
        response.allTaken();
        assertThat(log).containsExactly("drained");
        assertThat(stream.canTake()).isTrue();
        assertThat(offer(stream, bytes("yes"))).isTrue();
        response.allTaken();
        assertThat(log).containsExactly("drained");
        assertThat(response.text()).endsWith("yes").doesNotContain("no");
    }

    @Test
    void a_negative_answer_to_can_take_is_enough_for_the_listener_to_be_called() {
        HeldStream stream = stream(response, bytes(PendingBytes.MAX_BYTES), new Log());
        assertThat(stream.canTake()).isFalse();
        stream.start();
        response.allTaken();

        assertThat(log).containsExactly("drained");
    }

    // ---- the end

    @Test
    void a_stream_ends_in_good_order_after_what_is_pending() {
        HeldStream stream = stream("first,");
        stream.start();
        offer(stream, bytes("second,"));
        stream.end(bytes("farewell"), CloseReason.FORBIDDEN);
        stream.end(bytes("again"), CloseReason.SHUTDOWN);
        assertThat(offer(stream, bytes("late"))).isFalse();
        assertThat(stream.canTake()).isFalse();
        assertThat(log).isEmpty();
        response.allTaken();

        assertThat(response.text()).isEqualTo("first,second,farewell");
        assertThat(log).containsExactly("removed", "succeeded", "closed forbidden");
    }

    @Test
    void an_idle_stream_ends_at_once_without_an_empty_write() {
        HeldStream stream = stream("");
        stream.start();
        stream.end(ByteBuffer.allocate(0), CloseReason.SHUTDOWN);

        assertThat(response.writes).isEmpty();
        assertThat(log).containsExactly("removed", "succeeded", "closed shutdown");
    }

    @Test
    void a_client_that_goes_ends_the_stream_once_and_frees_what_is_pending() {
        HeldStream stream = stream(response, bytes(100_000), new Log());
        stream.start();
        IOException gone = new IOException("gone");
        stream.clientGone(gone);
        stream.clientGone(new IOException("again"));
        response.fails(gone);

        assertThat(log).containsExactly("removed", "failed", "closed client-gone");
        assertThat(failures).containsExactly(gone);
        assertThat(stream.pendingBytes()).isZero();
        assertThat(offer(stream, bytes("late"))).isFalse();
        assertThat(stream.canTake()).isFalse();
    }

    @Test
    void a_write_that_fails_ends_the_stream() {
        HeldStream stream = stream("first");
        stream.start();
        IOException broken = new IOException("broken pipe");
        response.fails(broken);

        assertThat(log).containsExactly("removed", "failed", "closed client-gone");
        assertThat(failures).containsExactly(broken);
    }

    @Test
    void nothing_is_written_after_the_client_has_gone() {
        HeldStream stream = stream(response, bytes(100_000), new Log());
        stream.start();
        stream.clientGone(new IOException("gone"));
        response.taken();

        assertThat(response.writes).hasSize(1);
        assertThat(stream.pendingBytes()).isZero();
        assertThat(log).containsExactly("removed", "failed", "closed client-gone");
    }

    // ---- time

    @Test
    void a_client_that_takes_one_write_within_the_timeout_is_never_stalled() {
        HeldStream stream = stream(response, bytes(20 * PendingBytes.MAX_WRITE_BYTES), new Log());
        stream.start();
        for (int i = 0; i < 20; i++) {
            ticker.advance(STALL);
            maintain(stream);
            response.taken();
        }

        assertThat(log).isEmpty();
        assertThat(stream.pendingBytes()).isZero();
    }

    @Test
    void a_client_that_reads_nothing_for_longer_than_the_timeout_is_cut_off() {
        HeldStream stream = stream("first");
        stream.start();
        ticker.advance(STALL);
        maintain(stream);
        assertThat(log).isEmpty();
        ticker.advance(MOMENT);
        maintain(stream);

        assertThat(log).containsExactly("removed", "failed", "closed stalled");
        assertThat(failures).singleElement().isInstanceOf(QuietException.class);
        assertThat(failures.get(0)).hasMessage("the client took no bytes for longer than eventStream.stallTimeout");
    }

    @Test
    void a_client_has_not_waited_at_a_time_before_its_last_progress() {
        HeldStream stream = stream("first");
        stream.start();

        assertThat(stream.waitingNanos(ticker.read() - 1)).isZero();
    }

    @Test
    void a_stream_that_has_ended_reports_no_drain() {
        HeldStream stream = stream(response, bytes(PendingBytes.MAX_BYTES), new Log());
        stream.start();
        assertThat(stream.canTake()).isFalse();
        stream.clientGone(new IOException("gone"));
        response.taken();

        assertThat(log).containsExactly("removed", "failed", "closed client-gone");
    }

    @Test
    void a_stall_is_measured_from_when_bytes_begin_to_wait() {
        HeldStream stream = stream("");
        stream.start();
        ticker.advance(STALL.plus(MOMENT));
        offer(stream, bytes("a"));
        ticker.advance(STALL);
        offer(stream, bytes("b"));
        maintain(stream);
        assertThat(log).isEmpty();
        ticker.advance(MOMENT);
        maintain(stream);

        assertThat(log).endsWith("closed stalled");
    }

    @Test
    void silence_is_broken_by_a_keep_alive_within_the_interval_and_after_half_of_it() {
        HeldStream stream = stream("");
        stream.start();
        ticker.advance(INTERVAL.dividedBy(2));
        maintain(stream);
        assertThat(response.text()).isEmpty();
        ticker.advance(INTERVAL.dividedBy(4));
        maintain(stream);
        assertThat(response.text()).isEqualTo(KEEP_ALIVE);
        maintain(stream);
        response.allTaken();
        maintain(stream);
        ticker.advance(INTERVAL.multipliedBy(3).dividedBy(4));
        maintain(stream);
        response.allTaken();

        assertThat(response.text()).isEqualTo(KEEP_ALIVE + KEEP_ALIVE);
    }

    @Test
    void keep_alives_of_streams_that_were_served_together_spread_over_a_quarter_of_the_interval() {
        HoldTimes times = new HoldTimes(INTERVAL, STALL, ticker);
        Set<Long> seconds = IntStream.range(0, 1_000)
                .mapToObj(i -> times.randomSilence())
                .peek(silence -> assertThat(silence).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15)))
                .map(Duration::toSeconds)
                .collect(Collectors.toSet());

        assertThat(seconds).contains(10L, 11L, 12L, 13L, 14L);
    }

    // ---- whatever is thrown

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_write_that_throws_ends_the_stream_instead_of_leaving_it_silent(boolean isError) {
        Throwable thrown = isError ? new OutOfMemoryError("test") : new IllegalStateException("test");
        HeldStream stream = stream("");
        stream.start();
        response.throwing(thrown);
        offer(stream, bytes("a"));

        assertThat(log).containsExactly("removed", "failed", "closed failed");
        assertThat(failures).containsExactly(thrown);
        assertThat(offer(stream, bytes("b"))).isFalse();
    }

    @Test
    void a_listener_that_throws_when_the_stream_is_drained_ends_the_stream() {
        Error thrown = new StackOverflowError("test");
        HeldStream stream = stream(response, bytes(PendingBytes.MAX_BYTES), new StreamSink.Listener() {
            @Override
            public void drained() {
                throw thrown;
            }

            @Override
            public void closed(CloseReason reason) {
                log.add("closed " + reason.label());
            }
        });
        stream.start();
        assertThat(stream.canTake()).isFalse();
        response.allTaken();

        assertThat(log).containsExactly("removed", "failed", "closed failed");
        assertThat(failures).containsExactly(thrown);
    }

    @Test
    void maintain_offer_and_end_never_throw_whatever_the_listener_does() {
        StreamSink.Listener hostile = new StreamSink.Listener() {
            @Override
            public void drained() {
                throw new AssertionError("drained");
            }

            @Override
            public void closed(CloseReason reason) {
                log.add("closed " + reason.label());
                throw new AssertionError("closed");
            }
        };
        HeldStream stalled = stream(response, bytes("a"), hostile);
        stalled.start();
        ticker.advance(STALL.plus(MOMENT));
        maintain(stalled);
        HeldStream broken = stream(response, bytes(""), hostile);
        broken.start();
        response.throwing(new AssertionError("write"));
        ticker.advance(INTERVAL);
        maintain(broken);
        HeldStream ending = stream(response, bytes(""), hostile);
        ending.start();
        ending.end(bytes("last"), CloseReason.SHUTDOWN);
        stream(response, bytes(""), hostile).end(bytes(""), CloseReason.SHUTDOWN);

        assertThat(log)
                .filteredOn(line -> line.startsWith("closed"))
                .containsExactly("closed stalled", "closed failed", "closed failed", "closed shutdown");
    }

    @Test
    void the_listener_is_called_even_if_the_exchange_throws_at_the_end() {
        HeldStream stream = new HeldStream(
                new ResponseOutput(response),
                new Callback() {
                    @Override
                    public void failed(Throwable failure) {
                        throw new AssertionError("failed");
                    }
                },
                SharedBytes.unmetered("a".getBytes(UTF_8)),
                memory,
                new HoldTimes(INTERVAL, STALL, ticker),
                ended -> {});
        stream.setListener(new Log());
        stream.start();
        stream.fail(new IllegalStateException("test"));

        assertThat(log).containsExactly("closed failed");
    }
}
