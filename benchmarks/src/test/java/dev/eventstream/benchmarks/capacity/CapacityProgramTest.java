package dev.eventstream.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapacityProgramTest {
    private static String run(String arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            new CapacityProgram(Path.of("."), print).run(List.of(arguments.split(" ", -1)));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void an_estimate_names_the_limit() throws Exception {
        assertThat(run("estimate --case jobs")).contains("streams ", "limit: database");
        assertThat(run("estimate --case jobs --nodes 1 --readers 10_000_000")).contains("this does not fit");
    }

    @Test
    void a_simulation_reports_how_long_readers_were_away() throws Exception {
        assertThat(run("simulate cut --case chat --share 1 --seed 3"))
                .contains("away: 5,000 times", "all back after", "refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "estimate --nothing 1",
                "estimate readers 1",
                "estimate --readers",
                "estimate --readers many",
                "estimate --readers -1",
                "estimate --readers 1 --readers 2",
                "estimate --case nothing",
                "estimate --bus carrier-pigeon",
                "estimate --set cpu.write",
                "estimate --share 1",
                "simulate",
                "simulate earthquake",
                "simulate cut --share 0",
                "simulate cut --share 2",
                "simulate cut --outage -1",
                "simulate cut --readers 10000001",
                "simulate cut --client telnet",
                "simulate cut --balancer dice",
                "simulate cut --notices sometimes",
                "simulate cut --max-streams 0"
            })
    void an_argument_that_is_not_allowed_is_refused(String arguments) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(arguments))
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(300));
    }
}
