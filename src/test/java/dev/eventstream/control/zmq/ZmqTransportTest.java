package dev.eventstream.control.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.control.ControlClient;
import dev.eventstream.control.ProxyItem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZmqTransportTest {
    private static final URI PULL = URI.create("tcp://127.0.0.1:5560");

    @Test
    void the_message_about_the_missing_library_says_what_to_add() {
        assertThatThrownBy(() -> ZmqTransport.requireLibrary(ClassLoader.getPlatformClassLoader()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("org.zeromq:jeromq is not on the class path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:5560", "tcp://127.0.0.1", "tcp:5560", "ipc:///tmp/x", "x"})
    void an_address_that_is_not_a_tcp_socket_is_refused(String address) {
        assertThatThrownBy(() -> ZmqTransport.push(URI.create(address))).hasMessageContaining("tcp://127.0.0.1:5560");
        assertThatThrownBy(() -> ZmqTransport.pub(URI.create(address))).hasMessageContaining("tcp://127.0.0.1:5560");
        assertThatThrownBy(() -> ZmqTransport.push(PULL).withCommand(URI.create(address)))
                .hasMessageContaining("tcp://127.0.0.1:5560");
    }

    @Test
    void a_letter_precedes_the_item_in_a_message() {
        byte[] json = "{}".getBytes(StandardCharsets.US_ASCII);
        ProxyItem item = new ProxyItem(ProxyItem.Kind.STORED, new ChannelName("a"), "events-a", "e-1", json);
        assertThat(ZmqMessage.of(item)).startsWith('J', '{').hasSize(item.length() + 1);
    }

    @Test
    void recovering_everything_needs_a_command_socket() throws Exception {
        try (ControlClient client = ZmqTransport.push(PULL).open(Ticker.systemTicker())) {
            assertThatThrownBy(client::recoverAll).hasMessage("has no commandUri");
        }
    }
}
