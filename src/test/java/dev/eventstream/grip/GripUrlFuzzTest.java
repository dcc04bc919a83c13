package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.eventstream.control.ControlAccess;
import org.junit.jupiter.params.provider.ValueSource;

class GripUrlFuzzTest {

    @ValueSource(
            strings = {
                "http://user:secret@127.0.0.1:5561/p?iss=pushpin&key=base64:%2BAQID&verify-iss=x&a=b",
                "http://h?verify%2Dkey=x&ke%79=y",
                "https://[::1]:1/?a?key=x&",
                "http://h?key=%F0%9F%94%91+",
                "http://h%2",
                "http:a"
            })
    @FuzzTest
    void a_url_is_split_or_refused_with_a_message(@NotNull String text) {
        try {
            GripUrl url = GripUrl.parse(text);
            assertThat(url).hasToString("GripUrl[]");
            ControlAccess.of(url.controlUri(), null);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s)(is|has|does) .*");
        }
    }
}
