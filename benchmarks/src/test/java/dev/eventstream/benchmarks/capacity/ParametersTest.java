package dev.eventstream.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.LimitsFactory;
import dev.eventstream.limit.Rates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    private final Parameters known = Checkout.parameters();

    @Test
    void every_parameter_has_a_value_a_unit_and_a_source() {
        assertThat(Parameter.values()).allSatisfy(parameter -> {
            Parameters.Entry entry = known.entry(parameter);
            assertThat(entry.value()).isNotNegative().isFinite();
            assertThat(entry.unit()).isNotBlank();
            assertThat(entry.source()).isNotBlank();
        });
    }

    @Test
    void measured_values_name_a_measurement_and_its_date_or_document() {
        assertThat(Arrays.stream(Parameter.values())
                        .map(known::entry)
                        .filter(entry -> entry.kind() == Parameters.Kind.MEASURED)
                        .map(Parameters.Entry::source))
                .hasSizeGreaterThan(10)
                .allMatch(source -> source.matches("(?s).*(\\./bench |Peers|Pushpin|PostgreSQL|the same).*"));
    }

    @Test
    void defaults_are_those_of_the_product() {
        EventStreamFactory product = new EventStreamFactory();
        LimitsFactory limits = product.getLimits();
        assertThat(known.value(Parameter.RETRY_MIN) * 1e3)
                .isEqualTo((double) product.getRetry().getMin().toMilliseconds());
        assertThat(known.value(Parameter.RETRY_MAX) * 1e3)
                .isEqualTo((double) product.getRetry().getMax().toMilliseconds());
        assertThat(known.value(Parameter.DRAIN_TIME))
                .isEqualTo((double) product.getDrain().toSeconds());
        assertThat(known.value(Parameter.CATCH_UP_THREADS)).isEqualTo(product.getCatchUpThreads());
        assertThat(known.value(Parameter.POLL_INTERVAL))
                .isEqualTo((double) product.getPollInterval().toSeconds());
        assertThat(known.value(Parameter.KEEP_ALIVE_MEAN))
                .as("half to three quarters of the interval")
                .isEqualTo((double) product.getKeepAlive().toSeconds() * 0.625);
        assertThat(known.value(Parameter.ADMISSION_RATE)).isEqualTo(limits.getNewStreamsPerSecond());
        assertThat(known.value(Parameter.STARTS_AT_ONCE)).isEqualTo(limits.getStartsAtOnce());
        assertThat(known.value(Parameter.ADMISSION_BURST)).isEqualTo((double) Rates.BURST.toSeconds());
        assertThat(known.value(Parameter.REFUSED_MIN)).isEqualTo(known.value(Parameter.RETRY_MAX));
        assertThat(known.value(Parameter.REFUSED_MAX)).isEqualTo(5 * known.value(Parameter.RETRY_MAX));
    }

    @Test
    void the_largest_number_of_streams_is_that_of_the_configuration() {
        assertThat(Checkout.text("docs/CONFIGURATION.md"))
                .contains("| `eventStream.limits.streams` | `10000` | `1` to `"
                        + (long) known.value(Parameter.STREAMS_MOST) + "` |");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu.write",
                "= 12 | µs | measured | here",
                "cpu.write = 12 | µs | measured",
                "cpu.write = 12 | µs | measured | a | b",
                "cpu.write = | µs | measured | here",
                "cpu.write = twelve | µs | measured | here",
                "cpu.write = -1 | µs | measured | here",
                "cpu.write = NaN | µs | measured | here",
                "cpu.write = Infinity | µs | measured | here",
                "cpu.write = 12 | | measured | here",
                "cpu.write = 12 | µs | measured | ",
                "cpu.write = 12 | µs | guessed | here",
                "cpu.rite = 12 | µs | measured | here",
                "cpu.event = 12 | µs | measured | here"
            })
    void a_line_that_is_malformed_unknown_or_repeated_is_refused_with_its_number(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Parameters.parse(List.of("", "# comment", "cpu.event = 1 | µs | assumed | here", line)))
                .withMessageContaining("line 4");
    }

    @Test
    void missing_parameters_are_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameters.parse(List.of("cpu.write = 12 | µs | measured | here")))
                .withMessageStartingWith("these parameters are missing: cpu.event, cpu.byte");
    }

    @Test
    void a_long_line_is_quoted_in_part() {
        List<String> lines = new ArrayList<>(List.of("x".repeat(100_000)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameters.parse(lines))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void changes_on_the_command_line_replace_values() {
        Parameters changed = known.with("cpu.write=3.5,fan-out.threads=0");
        assertThat(changed.value(Parameter.CPU_WRITE)).isEqualTo(3.5);
        assertThat(changed.value(Parameter.FAN_OUT_THREADS)).isZero();
        assertThat(known.value(Parameter.CPU_WRITE)).isNotEqualTo(3.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cpu.write",
                "cpu.write=",
                "cpu.write=x",
                "cpu.write=-1",
                "nothing=1",
                "cpu.write=1,",
                "cpu.write=NaN"
            })
    void changes_that_are_not_allowed_are_refused(String changes) {
        assertThatIllegalArgumentException().isThrownBy(() -> known.with(changes));
    }
}
