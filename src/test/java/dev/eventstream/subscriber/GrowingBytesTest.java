package dev.eventstream.subscriber;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrowingBytesTest {
    private final GrowingBytes bytes = new GrowingBytes();

    @Test
    void begins_empty() {
        assertThat(bytes.size()).isZero();
        assertThat(bytes.toArray()).isEmpty();
    }

    @Test
    void adds_parts_of_arrays() {
        bytes.add("id: ".getBytes(US_ASCII));
        bytes.add("orders-41-shipped".getBytes(US_ASCII), 7, 9);
        bytes.add(new byte[0]);

        assertThat(bytes.toArray()).asString(US_ASCII).isEqualTo("id: 41");
        assertThat(bytes.size()).isEqualTo(6);
    }

    @Test
    void grows_by_a_little_and_by_more_than_double() {
        Random random = new Random(1);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int length : new int[] {511, 1, 1, 600, 3, 100_000, 0, 7}) {
            byte[] part = new byte[length];
            random.nextBytes(part);
            bytes.add(part);
            expected.writeBytes(part);
        }

        assertThat(bytes.toArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void a_copy_stays_as_it_is() {
        bytes.add("a".getBytes(US_ASCII));
        byte[] copy = bytes.toArray();
        bytes.add("b".getBytes(US_ASCII));

        assertThat(copy).asString(US_ASCII).isEqualTo("a");
    }
}
