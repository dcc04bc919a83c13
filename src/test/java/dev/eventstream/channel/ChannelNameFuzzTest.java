package dev.eventstream.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelNameFuzzTest {

    @ValueSource(strings = {"a%20b", "rooms/100%25", "gr%C3%B6%C3%9Fe%20%F0%9F%9A%80", "%ED%A0%80", "%", "%+1", "%00"})
    @FuzzTest
    void a_name_that_was_read_can_be_written_and_read_again(@NotNull String text) {
        try {
            ChannelName name = ChannelName.decode(text);
            assertThat(ChannelName.decode(name.encoded())).isEqualTo(name);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("channel name \"");
        }
    }

    @ValueSource(strings = {"a b", "größe €🚀", "\uFFFF", "\uD83D", "\u0085", "%25"})
    @FuzzTest
    void a_name_comes_back_from_its_encoded_form(@NotNull String text) {
        try {
            ChannelName name = new ChannelName(text);
            assertThat(name.encoded()).matches("[A-Za-z0-9._~%-]+");
            assertThat(ChannelName.decode(name.encoded())).isEqualTo(name);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("channel name \"");
        }
    }
}
