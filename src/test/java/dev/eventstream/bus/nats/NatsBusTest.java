package dev.eventstream.bus.nats;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventstream.bus.Bus;
import dev.eventstream.bus.BusServer;
import dev.eventstream.bus.ServerBusContract;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NatsBusTest extends ServerBusContract {
    NatsBusTest() {
        super(BusServer.nats());
    }

    @Override
    protected Bus busAt(String address) {
        return new NatsBus(address, "eventstream");
    }

    @Test
    void a_receiver_that_reads_too_slowly_reports_that_it_has_missed_messages() throws Exception {
        byte[] message = new byte[bus().maxMessageBytes()];
        try (Bus.Receiver receiver = bus().openReceiver();
                Bus.Publisher publisher = bus().openPublisher()) {
            for (int i = 0; i < 600; i++) { // 37 MB
                publisher.publish(message);
            }
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> {
                        for (int i = 0; i < 600; i++) {
                            receiver.receive(Duration.ofMillis(100));
                        }
                    })
                    .withMessageStartingWith("this node has read too slowly");
        }
    }
}
