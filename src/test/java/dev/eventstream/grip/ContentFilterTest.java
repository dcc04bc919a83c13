package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ContentFilterTest {

    @Test
    void every_percent_sign_is_doubled_and_nothing_else_is_touched() {
        assertThat(escaped("100% é %I %%")).isEqualTo("100%% é %%I %%%%");
        assertThat(escaped("")).isEmpty();
    }

    @Test
    void bytes_without_a_percent_sign_are_not_copied() {
        byte[] bytes = "nothing".getBytes(StandardCharsets.UTF_8);
        assertThat(ContentFilter.escape(bytes)).isSameAs(bytes);
    }

    private static String escaped(String text) {
        return new String(ContentFilter.escape(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
