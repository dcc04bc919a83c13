package dev.eventstream.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.eventstream.bus.BusMessage.AccessChanged;
import dev.eventstream.bus.BusMessage.Alive;
import dev.eventstream.bus.BusMessage.Dropped;
import dev.eventstream.bus.BusMessage.Moved;
import dev.eventstream.bus.BusMessage.Present;
import dev.eventstream.bus.BusMessage.Unstored;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesTest {
    private static final long NODE = 0x1234_5678_9abc_def0L;
    private static final int MAX_BYTES = Bus.MIN_MESSAGE_BYTES;

    private final MessageWriter writer = new MessageWriter(NODE, MAX_BYTES);
    private final MessageReader reader = new MessageReader(NODE + 1);

    static List<BusMessage> messages() {
        return List.of(
                new Moved(Map.of(new ChannelName("orders"), new EventId("k3f9x2", 41))),
                new Unstored(event("é\n\uD83D\uDE00", Set.of("anna", "bo,b"))),
                new Unstored(event("", Set.of())),
                new AccessChanged(new AccessChange.OfUser("anna", new ChannelName("x".repeat(255)))),
                new AccessChanged(new AccessChange.OfChannel(new ChannelName("é"))),
                new AccessChanged(new AccessChange.Disconnected("anna", "")),
                new AccessChanged(new AccessChange.Disconnected("\uD83D\uDE00", "é".repeat(255))),
                new Dropped(),
                new Present(NODE, ByteBuffer.wrap(new byte[] {1, 2, 3})),
                new Present(NODE, ByteBuffer.allocate(0)),
                new Alive(node(Map.of()), Long.MIN_VALUE),
                new Alive(node(Map.of("eventStream.unstored", "0a1b", "eventStream.grip.linkSecrets", "é")), 1));
    }

    private static NodeInfo node(Map<String, String> settings) {
        Instant started = Instant.ofEpochMilli(1_796_000_000_123L);
        return new NodeInfo(NODE, "web-3/4711", "1.2.3", started, 12, Duration.ofMillis(345), settings);
    }

    private static Event event(String data, Set<String> skip) {
        return new Event(new ChannelName("prices"), EventId.NONE, new EventType("tick"), data, skip);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void every_written_message_is_read_back(BusMessage message) {
        List<byte[]> written = writer.write(List.of(message));
        assertThat(written).hasSize(1);
        assertThat(reader.read(written.get(0))).containsExactly(message);
    }

    @Test
    void several_messages_are_packed_into_one() {
        List<byte[]> written = writer.write(messages());
        assertThat(written).hasSize(1);
        assertThat(reader.read(written.get(0))).containsExactlyElementsOf(messages());
    }

    @Test
    void events_that_do_not_fit_into_one_message_go_into_the_next() {
        List<BusMessage> many = Collections.nCopies(50, new Unstored(event("x".repeat(1_000), Set.of())));
        List<byte[]> written = writer.write(many);
        assertThat(written)
                .hasSize(17)
                .allSatisfy(bytes -> assertThat(bytes.length).isLessThanOrEqualTo(MAX_BYTES));
        assertThat(written.stream().flatMap(bytes -> reader.read(bytes).stream()))
                .containsExactlyElementsOf(many);
    }

    @Test
    void the_positions_of_many_channels_take_several_messages() {
        Map<ChannelName, EventId> newest = new HashMap<>();
        for (int i = 1; i <= 1_000; i++) {
            newest.put(new ChannelName("channel-" + i), new EventId("k3f9x2", i));
        }
        List<byte[]> written = writer.write(List.of(new Moved(newest)));
        assertThat(written)
                .hasSizeGreaterThan(1)
                .allSatisfy(bytes -> assertThat(bytes.length).isLessThanOrEqualTo(MAX_BYTES));
        Map<ChannelName, EventId> read = new HashMap<>();
        written.forEach(bytes -> reader.read(bytes).forEach(message -> read.putAll(((Moved) message).newest())));
        assertThat(read).isEqualTo(newest);
    }

    @Test
    void a_large_event_travels_in_parts_that_may_arrive_in_any_order_and_twice() {
        Unstored large = new Unstored(event("0123456789".repeat(10_000), Set.of()));
        Unstored other = new Unstored(event("abcdefghij".repeat(10_000), Set.of()));
        List<byte[]> parts = new ArrayList<>(writer.write(List.of(large)));
        assertThat(parts)
                .hasSizeGreaterThan(20)
                .allSatisfy(bytes -> assertThat(bytes.length).isLessThanOrEqualTo(MAX_BYTES));
        parts.addAll(writer.write(List.of(other)));
        parts.addAll(List.copyOf(parts.subList(0, 3)));
        Collections.shuffle(parts, new Random(1));
        assertThat(parts.stream().flatMap(part -> reader.read(part).stream())).containsExactlyInAnyOrder(large, other);
    }

    @Test
    void a_node_skips_its_own_messages_except_alive() {
        MessageReader own = new MessageReader(NODE);
        for (BusMessage message : messages()) {
            assertThat(own.read(writer.write(List.of(message)).get(0)))
                    .isEqualTo(message instanceof Alive ? List.of(message) : List.of());
        }
        writer.write(List.of(new Unstored(event("x".repeat(10_000), Set.of()))))
                .forEach(part -> assertThat(own.read(part)).isEmpty());
    }

    @Test
    void every_truncated_message_is_refused() {
        for (BusMessage message : messages()) {
            byte[] whole = writer.write(List.of(message)).get(0);
            for (int length = 0; length < whole.length; length++) {
                byte[] truncated = Arrays.copyOf(whole, length);
                assertThatExceptionOfType(IllegalArgumentException.class)
                        .as("%s of %s bytes of %s", length, whole.length, message)
                        .isThrownBy(() -> reader.read(truncated));
            }
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> reader.read(Arrays.copyOf(whole, whole.length + 1)));
        }
    }

    @Test
    void random_and_damaged_bytes_are_either_read_or_refused() {
        Random random = new Random(7);
        List<BusMessage> messages = messages();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes =
                    writer.write(List.of(messages.get(i % messages.size()))).get(0);
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThatNoException().isThrownBy(() -> readOrRefuse(bytes));
        }
    }

    private void readOrRefuse(byte[] bytes) {
        try {
            assertThat(reader.read(bytes)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void parts_of_parts_are_refused() {
        byte[] nested = ByteBuffer.allocate(9 + 5 + 17)
                .put((byte) 1)
                .putLong(NODE)
                .put((byte) 6)
                .putInt(17)
                .putLong(0)
                .putInt(0)
                .putInt(1)
                .put((byte) 6)
                .array();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> reader.read(nested))
                .withMessageContaining("a part contains parts");
    }

    @Test
    void an_entry_of_a_later_version_is_skipped_and_the_others_are_read() {
        byte[] bytes = writer.write(List.of(new Dropped(), new Dropped())).get(0);
        bytes[9] = 99;
        assertThat(reader.read(bytes)).containsExactly(new Dropped());
    }

    @Test
    void a_message_of_another_version_is_refused_with_its_number() {
        byte[] bytes = writer.write(List.of(new Dropped())).get(0);
        bytes[0] = 9;
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> reader.read(bytes))
                .withMessageContaining("its version is 9")
                .withMessageContaining("reads version 1");
    }
}
