package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random bodies; the typical ones are in PublishTest. */
class PublishBodyTest {
    private static final String BYTES = "{}[]\":,\\u0123456789eE+-.abctdnx \n\0\u00e9";

    private final PublishedBody publish = new PublishedBody();

    @Test
    void a_random_body_is_either_sent_or_refused() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int sent = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] body = mutated(PublishedBody.TYPICAL.get(random.nextInt(PublishedBody.TYPICAL.size())), random);
            try {
                sent += publish.sentOrRefused(body) ? 1 : 0;
            } catch (AssertionError e) {
                throw new AssertionError("seed %d, case %d".formatted(seed, i), e);
            }
        }
        assertThat(sent).as("seed %d: bodies that were sent", seed).isBetween(100, 19_900);
    }

    private static byte[] mutated(String seed, Random random) {
        byte[] alphabet = BYTES.getBytes(StandardCharsets.UTF_8);
        StringBuilder text =
                new StringBuilder(new String(seed.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length());
            char b = (char) (alphabet[random.nextInt(alphabet.length)] & 0xFF);
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, b);
                case 1 -> text.insert(at, b);
                case 2 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(random.nextInt(text.length())));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
