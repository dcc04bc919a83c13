package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.eventstream.event.LastEventId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.CsvSource;

class GripLastFuzzTest {

    @CsvSource(
            delimiter = '|',
            value = {
                "events-a%20b; last-id=k3f9x2-41 | events-c;last-id=\"0-0\"",
                "events-a; last-id=k3f9x2-41, events-b; last-id=k3f9x2-42 | user-jo; last-id=kick-1",
                "events-a; last-id=k3f9x2-41 | events-a; last-id=k3f9x2-42",
                "events-; last-id= | ,"
            })
    @FuzzTest
    void a_header_is_refused_or_survives_a_round_trip(@NotNull String first, @NotNull String second) {
        LastEventId positions;
        try {
            positions = GripLast.parse(List.of(first, second));
        } catch (IllegalArgumentException e) {
            return;
        }
        List<String> written = new ArrayList<>();
        positions.positions().forEach((channel, position) -> written.add(GripLast.line(channel, position)));
        assertThat(written).allMatch(line -> line.matches("Grip-Last: [ -~]+\r\n"));
        assertThat(GripLast.parse(
                        written.stream().map(line -> line.substring(11)).toList()))
                .isEqualTo(positions);
    }
}
