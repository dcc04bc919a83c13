package dev.eventstream.bus.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventstream.bus.Bus;
import dev.eventstream.bus.BusServer;
import dev.eventstream.bus.ServerBusContract;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisBusTest extends ServerBusContract {
    RedisBusTest() {
        super(BusServer.redis());
    }

    @Override
    protected Bus busAt(String address) {
        return new RedisBus(URI.create(address), "eventstream");
    }

    @Test
    void a_receiver_waits_for_the_first_message_of_a_new_server() throws Exception {
        Bus bus = new RedisBus(URI.create(address()), "a stream that nobody has written to");
        try (Bus.Receiver receiver = bus.openReceiver();
                Bus.Publisher publisher = bus.openPublisher()) {
            assertThat(receiver.receive(Duration.ofMillis(50))).isEmpty();
            publisher.publish(bytes("first"));
            assertThat(texts(receiver, 1)).containsExactly("first");
        }
    }

    @Test
    void a_receiver_that_reads_too_slowly_reports_that_it_has_missed_messages() throws Exception {
        Bus bus = bus();
        try (Bus.Publisher publisher = bus.openPublisher()) {
            try (Bus.Receiver receiver = bus.openReceiver()) {
                publisher.publish(bytes("first"));
                assertThat(texts(receiver, 1)).containsExactly("first");
                for (int i = 0; i < RedisBus.MAX_LENGTH + 1_000; i++) {
                    publisher.publish(bytes("later"));
                }
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> receiver.receive(Duration.ofSeconds(1)))
                        .withMessageStartingWith("this node has read too slowly");
            }
            try (Bus.Receiver receiver = bus.openReceiver()) {
                assertThat(receiver.isGapless()).isFalse();
            }
        }
    }
}
