package dev.eventstream.bus.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.bus.Bus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What nodes may rely on from every bus. */
public abstract class BusContract {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final long LIMIT_NANOS = Duration.ofSeconds(20).toNanos();

    /** The bus of another node; all these buses carry the same messages. Called several times per test. */
    protected abstract Bus bus();

    @Test
    void every_node_including_the_sender_receives_each_message() throws Exception {
        Bus sender = bus();
        try (Bus.Receiver own = sender.openReceiver();
                Bus.Receiver other = bus().openReceiver();
                Bus.Publisher publisher = sender.openPublisher()) {
            publisher.publish(bytes("one"));
            publisher.publish(bytes("two"));
            assertThat(texts(own, 2)).containsExactlyInAnyOrder("one", "two");
            assertThat(texts(other, 2)).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void messages_of_several_nodes_arrive() throws Exception {
        try (Bus.Receiver receiver = bus().openReceiver();
                Bus.Publisher one = bus().openPublisher();
                Bus.Publisher two = bus().openPublisher()) {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                one.publish(bytes("one " + i));
                two.publish(bytes("two " + i));
                sent.addAll(List.of("one " + i, "two " + i));
            }
            assertThat(texts(receiver, sent.size())).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    @Test
    void a_message_may_contain_any_bytes_and_have_the_largest_size() throws Exception {
        Bus bus = bus();
        assertThat(bus.maxMessageBytes()).isGreaterThanOrEqualTo(Bus.MIN_MESSAGE_BYTES);
        byte[] largest = new byte[bus.maxMessageBytes()];
        new Random(1).nextBytes(largest);
        byte[] each = new byte[256];
        for (int i = 0; i < each.length; i++) {
            each[i] = (byte) i;
        }
        try (Bus.Receiver receiver = bus().openReceiver();
                Bus.Publisher publisher = bus.openPublisher()) {
            publisher.publish(largest);
            publisher.publish(each);
            publisher.publish(new byte[1]);
            assertThat(receive(receiver, 3)).containsExactlyInAnyOrder(largest, each, new byte[1]);
        }
    }

    @Test
    void a_receiver_waits_no_longer_than_it_should() throws Exception {
        try (Bus.Receiver receiver = bus().openReceiver()) {
            long start = System.nanoTime();
            assertThat(receiver.receive(PATIENCE)).isEmpty();
            // generous, because this machine may be busy
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.plusSeconds(5));
        }
    }

    @Test
    void a_new_receiver_does_not_get_old_messages() throws Exception {
        try (Bus.Publisher publisher = bus().openPublisher()) {
            publisher.publish(bytes("old"));
            try (Bus.Receiver receiver = bus().openReceiver()) {
                assertThat(receiver.isGapless()).isFalse();
                publisher.publish(bytes("new"));
                assertThat(texts(receiver, 1)).containsExactly("new");
            }
        }
    }

    @Test
    void a_reopened_receiver_misses_nothing_or_reports_that_it_may_have() throws Exception {
        Bus bus = bus();
        try (Bus.Publisher publisher = bus().openPublisher()) {
            try (Bus.Receiver receiver = bus.openReceiver()) {
                publisher.publish(bytes("before"));
                assertThat(texts(receiver, 1)).containsExactly("before");
            }
            publisher.publish(bytes("between"));
            try (Bus.Receiver receiver = bus.openReceiver()) {
                publisher.publish(bytes("after"));
                List<String> expected = receiver.isGapless() ? List.of("between", "after") : List.of("after");
                assertThat(texts(receiver, expected.size())).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    /** Receives {@code count} messages, or fewer if they do not all arrive within seconds. */
    protected static List<byte[]> receive(Bus.Receiver receiver, int count) throws Exception {
        List<byte[]> received = new ArrayList<>();
        long start = System.nanoTime();
        while (received.size() < count && System.nanoTime() - start < LIMIT_NANOS) {
            received.addAll(receiver.receive(PATIENCE));
        }
        return received;
    }

    /** Like {@link #receive}, for messages that are text. */
    protected static List<String> texts(Bus.Receiver receiver, int count) throws Exception {
        return receive(receiver, count).stream()
                .map(message -> new String(message, StandardCharsets.UTF_8))
                .toList();
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
