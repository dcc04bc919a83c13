package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ContentFilterFuzzTest {

    @MethodSource("bytes")
    @FuzzTest
    void a_proxy_restores_the_original_bytes(byte @NotNull [] bytes) {
        String escaped = new String(ContentFilter.escape(bytes), StandardCharsets.ISO_8859_1);
        assertThat(escaped.replace("%%", "")).doesNotContain("%");
        assertThat(escaped.replace("%%", "%")).isEqualTo(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static Stream<byte[]> bytes() {
        return Stream.of("100% %I %%", "%%%", "é").map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
