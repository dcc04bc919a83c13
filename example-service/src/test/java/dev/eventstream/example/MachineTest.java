package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.example.Machine.Reading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void values_have_two_decimals_and_unknown_ones_are_left_out() {
        Map<String, DoubleSupplier> values = new LinkedHashMap<>();
        values.put("a", () -> 12.3456);
        values.put("b", () -> -100);
        values.put("c", () -> Double.NaN);
        values.put("d", () -> 0);

        assertThat(Machine.readings(values, 7)).isEqualTo(List.of(new Reading("a", 7, 12.35), new Reading("d", 7, 0)));
    }

    @Test
    void the_jvm_reports_shares_in_percent_and_the_load() {
        List<Reading> readings = Machine.readings(Machine.ofJvm(), 1);

        assertThat(readings)
                .extracting(Reading::name)
                .contains("memory", "load")
                .isSubsetOf("processors", "memory", "load");
        assertThat(readings)
                .filteredOn(reading -> !reading.name().equals("load"))
                .extracting(Reading::value)
                .allMatch(value -> value >= 0 && value <= 100);
    }
}
