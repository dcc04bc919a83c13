package dev.eventstream.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class PublishBodyFuzzTest {
    private final PublishedBody publish = new PublishedBody();

    @MethodSource("bodies")
    @FuzzTest
    void a_body_is_either_sent_or_refused(byte @NotNull [] body) throws IOException {
        publish.sentOrRefused(body);
    }

    static Stream<byte[]> bodies() {
        return Stream.concat(
                        PublishedBody.TYPICAL.stream(),
                        Stream.of(
                                "{\"channel\":\"a\",\"data\":1e99999999999}",
                                "{\"channel\":\"a\",\"text\":\"\\ud800\"}",
                                "{\"channel\":\"a\",\"channel\":\"a\",\"data\":1}",
                                "[".repeat(1_001),
                                "[[]]",
                                ""))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
