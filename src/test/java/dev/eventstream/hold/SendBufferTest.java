package dev.eventstream.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendBufferTest {
    private ServerSocketChannel server;
    private SocketChannel socket;
    private Selector selector;
    private EndPoint endPoint;

    @BeforeEach
    void connect() throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket = SocketChannel.open(server.getLocalAddress());
        socket.configureBlocking(false);
        selector = Selector.open();
        SelectionKey key = socket.register(selector, 0);
        endPoint = new SocketChannelEndPoint(socket, null, key, new ScheduledExecutorScheduler());
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        socket.close();
        server.close();
    }

    /** An end point around that of a socket, as TLS uses. */
    private static final class Wrapped extends ByteArrayEndPoint implements EndPoint.Wrapper {
        private final EndPoint wrapped;

        Wrapped(EndPoint wrapped) {
            this.wrapped = wrapped;
        }

        @Override
        public EndPoint unwrap() {
            return wrapped;
        }
    }

    @Test
    void a_send_buffer_is_bounded() throws IOException {
        SendBuffer.bound(endPoint);

        // Linux reports twice what was set, other systems what was set
        assertThat(socket.getOption(StandardSocketOptions.SO_SNDBUF)).isIn(SendBuffer.BYTES, 2 * SendBuffer.BYTES);
    }

    @Test
    void a_send_buffer_below_tls_is_bounded() throws IOException {
        SendBuffer.bound(new Wrapped(new Wrapped(endPoint)));

        assertThat(socket.getOption(StandardSocketOptions.SO_SNDBUF)).isIn(SendBuffer.BYTES, 2 * SendBuffer.BYTES);
    }

    @Test
    void a_send_buffer_takes_a_long_answer_at_once() throws IOException {
        socket.setOption(StandardSocketOptions.SO_SNDBUF, 4_096);

        SendBuffer.enlarge(endPoint, 90_000);

        assertThat(socket.write(ByteBuffer.allocate(90_000))).isEqualTo(90_000);
    }

    @Test
    void a_send_buffer_is_left_alone_for_a_short_answer() throws IOException {
        int before = socket.getOption(StandardSocketOptions.SO_SNDBUF);

        SendBuffer.enlarge(endPoint, 1_000);

        assertThat(socket.getOption(StandardSocketOptions.SO_SNDBUF)).isEqualTo(before);
    }

    @Test
    void a_closed_socket_and_an_end_point_without_one_are_ignored() throws IOException {
        socket.close();

        assertThatCode(() -> SendBuffer.bound(endPoint)).doesNotThrowAnyException();
        assertThatCode(() -> SendBuffer.bound(new ByteArrayEndPoint())).doesNotThrowAnyException();
    }
}
