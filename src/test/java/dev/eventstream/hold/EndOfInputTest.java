package dev.eventstream.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.junit.jupiter.api.Test;

class EndOfInputTest {
    private final List<Throwable> gone = new ArrayList<>();

    private EndOfInput watch(ByteArrayEndPoint endPoint) {
        EndOfInput watch = new EndOfInput(endPoint, gone::add);
        watch.watch();
        return watch;
    }

    @Test
    void the_end_of_the_input_is_the_end_of_the_client() {
        ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
        watch(endPoint);
        assertThat(endPoint.isFillInterested()).isTrue();
        endPoint.addInputEOF();

        assertThat(gone).singleElement().isInstanceOf(EOFException.class);
    }

    @Test
    void input_is_the_end_of_the_client() {
        ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
        watch(endPoint);
        endPoint.addInput("G");

        assertThat(gone).singleElement().isInstanceOf(EOFException.class);
    }

    @Test
    void a_wake_up_without_input_leads_to_another_watch() {
        ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
        EndOfInput watch = new EndOfInput(endPoint, gone::add);
        watch.succeeded();

        assertThat(gone).isEmpty();
        assertThat(endPoint.isFillInterested()).isTrue();
        assertThat(watch.getInvocationType()).isEqualTo(InvocationType.NON_BLOCKING);
    }

    @Test
    void a_read_that_throws_is_the_end_of_the_client() {
        Error thrown = new AssertionError("test");
        ByteArrayEndPoint broken = new ByteArrayEndPoint() {
            @Override
            public int fill(ByteBuffer buffer) {
                throw thrown;
            }
        };
        watch(broken).succeeded();
        IOException failed = new IOException("test");
        watch(new ByteArrayEndPoint()).failed(failed);

        assertThat(gone).containsExactly(thrown, failed);
    }
}
