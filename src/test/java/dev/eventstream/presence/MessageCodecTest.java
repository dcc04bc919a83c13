package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.presence.Message.Alive;
import dev.eventstream.presence.Message.Changes;
import dev.eventstream.presence.Message.Gone;
import dev.eventstream.presence.Message.Wanted;
import dev.eventstream.presence.Message.Whole;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final ChannelName ROOM = new ChannelName("room");
    private static final ChannelName LONG = new ChannelName("\uD83D\uDE00".repeat(255));

    static List<Message> messages() {
        return List.of(
                new Changes(0, Map.of(new Attendee(ROOM, "ann"), 2, new Attendee(ROOM, null), 0)),
                new Changes(Long.MAX_VALUE, Map.of(new Attendee(LONG, "é".repeat(255)), Message.MAX_STREAMS)),
                new Whole(
                        7, Map.of(new Attendee(ROOM, ""), 1, new Attendee(ROOM, null), 3, new Attendee(LONG, "b"), 1)),
                new Whole(0, Map.of()),
                new Alive(41, true),
                new Alive(0, false),
                new Wanted(Long.MIN_VALUE),
                new Gone());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void every_message_is_read_back(Message message) {
        assertThat(MessageCodec.decode(ByteBuffer.wrap(MessageCodec.encode(message))))
                .contains(message);
    }

    @Test
    void a_message_of_a_later_version_is_skipped() {
        assertThat(MessageCodec.decode(ByteBuffer.wrap(new byte[] {99, 1, 2}))).isEmpty();
    }

    @Test
    void messages_that_are_cut_off_or_too_long_are_refused() {
        for (Message message : List.of(new Alive(1, true), new Wanted(2), new Gone())) {
            byte[] whole = MessageCodec.encode(message);
            for (int length = 0; length < whole.length; length++) {
                assertRefused(Arrays.copyOf(whole, length));
            }
            assertRefused(Arrays.copyOf(whole, whole.length + 1));
        }
        byte[] counts = MessageCodec.encode(messages().get(0));
        assertRefused(Arrays.copyOf(counts, counts.length - 1));
    }

    @Test
    void impossible_numbers_and_names_are_refused() {
        assertRefused(ByteBuffer.allocate(9).put((byte) 1).putLong(-1).array());
        assertRefused(ByteBuffer.allocate(11)
                .put((byte) 1)
                .putLong(1)
                .putShort((short) -1)
                .array());
        assertRefused(reader((short) 1, "a", -1));
        assertRefused(reader((short) 1, "a", Message.MAX_STREAMS + 1));
        assertRefused(reader((short) 1, "\n", 1));
        assertRefused(reader((short) 1, "\u00ff", 1));
        assertRefused(reader((short) 40, "a", 1));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> MessageCodec.decode(ByteBuffer.wrap(reader((short) 1, "a", Integer.MIN_VALUE))))
                .withMessage("a report of presence has -2147483648 streams of one reader; allowed are 0 to 10000000");
    }

    /** A report of one reader of the channel c. */
    private static byte[] reader(short length, String latin, int streams) {
        return ByteBuffer.allocate(9 + 3 + 4 + 2 + latin.length() + 4)
                .put((byte) 2)
                .putLong(1)
                .putShort((short) 1)
                .put((byte) 'c')
                .putInt(1)
                .putShort(length)
                .put(latin.getBytes(StandardCharsets.ISO_8859_1))
                .putInt(streams)
                .array();
    }

    private static void assertRefused(byte[] bytes) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .as(Arrays.toString(bytes))
                .isThrownBy(() -> MessageCodec.decode(ByteBuffer.wrap(bytes)));
    }

    @Test
    void random_and_damaged_bytes_are_either_read_or_refused() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = MessageCodec.encode(messages().get(i % messages().size()));
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThatNoException().isThrownBy(() -> readOrRefuse(bytes));
        }
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            assertThat(MessageCodec.decode(ByteBuffer.wrap(bytes))).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
