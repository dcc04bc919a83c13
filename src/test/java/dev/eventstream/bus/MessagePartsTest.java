package dev.eventstream.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MessagePartsTest {
    private final MessageParts parts = new MessageParts();

    @Test
    void messages_of_two_nodes_with_the_same_number_are_kept_apart() {
        assertThat(parts.add(1, 7, 0, 2, new byte[] {1})).isEmpty();
        assertThat(parts.add(2, 7, 1, 2, new byte[] {4})).isEmpty();
        assertThat(parts.add(1, 7, 1, 2, new byte[] {2})).contains(new byte[] {1, 2});
        assertThat(parts.add(2, 7, 0, 2, new byte[] {3})).contains(new byte[] {3, 4});
    }

    @Test
    void impossible_numbers_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> parts.add(1, 1, 0, 0, new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> parts.add(1, 1, -1, 2, new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> parts.add(1, 1, 2, 2, new byte[1]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parts.add(1, 1, 0, MessageParts.MAX_PARTS + 1, new byte[1]))
                .withMessageContaining("allowed are up to " + MessageParts.MAX_PARTS);
        assertThat(parts.add(1, 1, 0, 2, new byte[1])).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parts.add(1, 1, 1, 3, new byte[1]))
                .withMessageContaining("an earlier part said 2");
    }

    @Test
    void the_oldest_incomplete_messages_are_forgotten_when_they_take_too_much_memory() {
        byte[] half = new byte[MessageParts.MAX_BYTES / 4];
        for (int number = 0; number < 5; number++) {
            assertThat(parts.add(1, number, 0, 2, half)).isEmpty();
        }
        assertThat(parts.add(1, 4, 1, 2, half)).isPresent();
        assertThat(parts.add(1, 0, 1, 2, half)).isEmpty();
    }

    @Test
    void the_references_to_missing_parts_count_as_memory() {
        for (int number = 0; number < 10 * MessageParts.MAX_BYTES / (8 * MessageParts.MAX_PARTS); number++) {
            assertThat(parts.add(1, number, 0, MessageParts.MAX_PARTS, new byte[1]))
                    .isEmpty();
        }
        assertThat(parts.incomplete()).isLessThanOrEqualTo(MessageParts.MAX_BYTES / (8 * MessageParts.MAX_PARTS));
    }
}
