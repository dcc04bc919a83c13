package dev.eventstream.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamWriterTest {
    private final HeldResponse response = new HeldResponse();
    private final Texts source = new Texts();
    private final StreamWriter writer = new StreamWriter(new ResponseOutput(response), source);

    /** Texts to write, and a log of the calls. Something may happen when the writer finds none. */
    private static final class Texts implements StreamWriter.Source {
        final Deque<String> texts = new ArrayDeque<>();
        final List<String> log = new ArrayList<>();

        @Nullable
        Runnable whenEmpty;

        @Nullable
        Error thrown;

        boolean isEnding;

        @Override
        public ByteBuffer nextWrite() {
            String next = texts.poll();
            Runnable now = whenEmpty;
            if (next == null && now != null) {
                whenEmpty = null;
                now.run();
            }
            return ByteBuffer.wrap((next == null ? "" : next).getBytes(UTF_8));
        }

        @Override
        public ByteBuffer[] nextChunk() {
            throw new UnsupportedOperationException("the response is written in plain bytes");
        }

        @Override
        public void written() {
            if (thrown != null) {
                throw thrown;
            }
            log.add("written");
        }

        @Override
        public boolean isComplete() {
            return isEnding && texts.isEmpty();
        }

        @Override
        public void ended() {
            log.add("ended");
        }

        @Override
        public void clientGone(Throwable failure) {
            log.add("gone " + failure.getMessage());
        }

        @Override
        public void fail(Throwable failure) {
            log.add("failed " + failure.getMessage());
        }
    }

    @Test
    void one_write_follows_the_other_until_nothing_waits() {
        source.texts.addAll(List.of("a", "b"));
        writer.iterate();
        writer.iterate();
        assertThat(response.text()).isEqualTo("a");
        response.allTaken();
        assertThat(response.text()).isEqualTo("ab");
        assertThat(source.log).containsExactly("written", "written");

        source.texts.add("c");
        writer.iterate();
        assertThat(response.allTaken().text()).isEqualTo("abc");
    }

    @Test
    void a_complete_source_ends_after_its_last_write() {
        source.texts.add("a");
        source.isEnding = true;
        writer.iterate();
        assertThat(source.log).isEmpty();
        response.allTaken();

        assertThat(source.log).containsExactly("written", "ended");
    }

    @Test
    void last_bytes_that_come_when_the_writer_has_just_found_nothing_are_written() {
        source.whenEmpty = () -> {
            source.texts.add("last");
            source.isEnding = true;
            writer.iterate();
        };
        writer.iterate();
        response.allTaken();

        assertThat(response.text()).isEqualTo("last");
        assertThat(source.log).containsExactly("written", "ended");
    }

    @Test
    void a_write_that_fails_means_that_the_client_has_gone() {
        source.texts.addAll(List.of("a", "b"));
        writer.iterate();
        response.fails(new IOException("broken pipe"));
        writer.iterate();

        assertThat(source.log).containsExactly("gone broken pipe");
        assertThat(response.text()).isEqualTo("a");
    }

    @Test
    void whatever_a_write_throws_is_a_failure() {
        source.texts.add("a");
        response.throwing(new OutOfMemoryError("test"));
        writer.iterate();

        assertThat(source.log).first().isEqualTo("failed test");
    }

    @Test
    void whatever_the_source_throws_is_a_failure() {
        source.texts.add("a");
        source.thrown = new StackOverflowError("test");
        writer.iterate();
        response.taken();
        assertThat(source.log).containsExactly("failed test");
        source.whenEmpty = () -> {
            throw new OutOfMemoryError("next");
        };
        writer.iterate();

        assertThat(source.log).contains("failed test");
    }

    @Test
    void a_write_may_complete_on_any_thread_because_nothing_blocks() {
        assertThat(writer.getInvocationType()).isEqualTo(InvocationType.NON_BLOCKING);
    }
}
