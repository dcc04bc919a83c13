package dev.eventstream.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.junit.jupiter.params.provider.ValueSource;

class LastEventIdFuzzTest {

    @ValueSource(
            strings = {
                "alerts=k3f9x2-7,orders=m1n2b3-41",
                "a%20b=0-0",
                "rooms/1=k3f9x2-999999999999999999",
                "orders:41,a:0",
                "orders=k3f9x2-41,orders=k3f9x2-42",
                "error",
                "=",
                ","
            })
    @FuzzTest
    void it_is_refused_or_written_and_read_again(@NotNull String header) {
        try {
            LastEventId position = LastEventId.parse(header);
            assertThat(LastEventId.parse(position.toString())).isEqualTo(position);
            assertThat(position.toString()).matches("[ -~]*");
        } catch (BadLastEventIdException e) {
            assertThat(e).hasMessageStartingWith("Last-Event-ID has ");
        }
    }
}
