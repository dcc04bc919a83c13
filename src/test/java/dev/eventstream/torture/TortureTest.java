package dev.eventstream.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of the checker, and a few bugs that it must find. {@code ./torture --bugs} plants all bugs. */
// a run ends by its own limits; this leaves time for them on a busy machine
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class TortureTest {
    @TempDir
    Path directory;

    @Test
    void the_contract_holds_when_processes_are_killed_and_connections_cut() throws Exception {
        Verdict verdict = Torture.run(options("--minutes", "1.5", "--seed", "20261124"));
        assertThat(verdict.held()).as(verdict.toString()).isTrue();
        assertThat(verdict.kills()).isPositive();
        assertThat(verdict.cuts()).isPositive();
        assertThat(verdict.resets()).isPositive();
    }

    @Test
    void the_contract_holds_when_the_bus_fails() throws Exception {
        String faults = "cut-bus,hold-bus,delay-bus,kill-bus,kill-node,revoke,cut-readers";
        Verdict verdict =
                Torture.run(options("--minutes", "0.4", "--seed", "20261129", "--bus", "nats", "--faults", faults));
        assertThat(verdict.held()).as(verdict.toString()).isTrue();
        assertThat(verdict.kills()).isPositive();
        assertThat(verdict.cuts()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"SKIP_AFTER_COMMIT", "FORGET_KICKS", "SEND_AFTER_END", "LATEST_BACKWARDS", "FORGET_REPEATS"})
    void a_planted_bug_is_found(Bug bug) throws Exception {
        Verdict verdict = Torture.run(options("--minutes", "1", "--seed", "1", "--bug", bug.label()));
        assertThat(bug.breaches())
                .anySatisfy(breach ->
                        assertThat(verdict.count(breach)).as(verdict.toString()).isPositive());
    }

    @ParameterizedTest
    @EnumSource
    void every_bug_can_be_planted_in_the_product(Bug bug) throws Exception {
        PatchedClasses.write(directory, bug);
        assertThat(directory.resolve("dev/eventstream/subscriber/Fanout.class")).exists();
    }

    private Options options(String... arguments) {
        Options options = Options.parse(arguments);
        return options.with(options.bug(), directory);
    }
}
