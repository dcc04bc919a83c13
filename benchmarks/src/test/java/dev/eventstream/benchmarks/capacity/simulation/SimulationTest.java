package dev.eventstream.benchmarks.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.eventstream.benchmarks.capacity.Checkout;
import dev.eventstream.benchmarks.capacity.Estimate;
import dev.eventstream.benchmarks.capacity.Parameters;
import dev.eventstream.benchmarks.capacity.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
    private final Parameters known = Checkout.parameters();

    private static Workload load(double readers, double nodes) {
        return new Workload(readers, 1, 1, 1, 100, 1, nodes, 4, 10, 0, true);
    }

    private Outcome run(Workload load, Failure failure) {
        return Simulation.run(Scenario.of(load, failure, 1), known);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void all_readers_come_back_after(Failure failure) {
        Outcome outcome = run(load(3_000, 3), failure);
        assertThat(outcome.away()).isZero();
        assertThat(outcome.absences()).isPositive();
        assertThat(outcome.attempts()).isGreaterThanOrEqualTo(outcome.absences());
        assertThat(outcome.longest()).isLessThanOrEqualTo(outcome.allBack());
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void the_same_seed_gives_the_same_outcome_and_another_seed_another_one_after(Failure failure) {
        Outcome outcome = run(load(3_000, 3), failure);
        assertThat(run(load(3_000, 3), failure)).isEqualTo(outcome);
        assertThat(Simulation.run(Scenario.of(load(3_000, 3), failure, 2), known))
                .isNotEqualTo(outcome);
    }

    @Test
    void readers_of_a_killed_node_come_back_within_their_retry_time() {
        Outcome outcome = run(load(30_000, 3), Failure.KILL);
        assertThat(outcome.absences()).isEqualTo(10_000);
        assertThat(outcome.p50()).as("between 2 and 6 s").isCloseTo(4_000, within(100));
        assertThat(outcome.longest()).isBetween(5_900, 6_200);
        assertThat(outcome.fewestStreams())
                .as("the node that has restarted gets no streams")
                .isZero();
    }

    @Test
    void a_cut_affects_its_share_and_lasts_at_least_as_long_as_the_network_is_away() {
        Outcome outcome = Simulation.run(
                new Scenario(load(10_000, 2), Failure.CUT, 0.3, 40, 2, Choice.IN_TURN, 20_000, 0, ClientKind.BUNDLE, 1),
                known);
        assertThat(outcome.absences()).isEqualTo(3_000);
        assertThat(outcome.p50()).isGreaterThan(40_000);
        assertThat(outcome.longest()).as("the longest delay is 30 s").isBetween(60_000, 71_000);
    }

    @Test
    void only_the_bundled_client_comes_back_after_a_balancer_had_no_nodes() {
        Scenario all = Scenario.of(load(900, 3), Failure.OUTAGE, 1);
        Scenario plain = new Scenario(
                all.load(), Failure.OUTAGE, 1, 0, 2, Choice.IN_TURN, 10_000, 0, ClientKind.EVENT_SOURCE, 1);
        assertThat(Simulation.run(plain, known).away()).isEqualTo(900);
        assertThat(Simulation.run(all, known).away()).isZero();
    }

    @Test
    void a_drained_node_loses_its_streams_within_the_drain() {
        Outcome outcome = run(load(30_000, 3), Failure.RESTART);
        assertThat(outcome.absences()).isGreaterThanOrEqualTo(10_000);
        assertThat(outcome.p50()).as("100 to 1,000 ms").isBetween(400, 700);
        assertThat(outcome.refused()).isZero();
    }

    @Test
    void admission_refuses_requests_beyond_its_burst() {
        Parameters strict = known.with("admission.rate=10,node.start=1");
        Outcome outcome = Simulation.run(Scenario.of(load(2_000, 1), Failure.KILL, 1), strict);
        assertThat(outcome.refused()).isGreaterThan(2_000 - 200);
        assertThat(outcome.away()).isZero();
        assertThat(outcome.allBack()).as("100 at once, then ten a second").isGreaterThan(180_000);
    }

    @Test
    void requests_that_wait_too_long_are_refused() {
        Parameters slow = known.with("cpu.start=100000,node.start=1");
        Outcome outcome = Simulation.run(Scenario.of(load(2_000, 1), Failure.KILL, 1), slow);
        assertThat(outcome.refused()).isPositive();
        assertThat(outcome.longestLine()).isGreaterThan(500);
        assertThat(outcome.cpu()).isEqualTo(1);
        assertThat(outcome.allBack()).as("forty a second").isGreaterThan(2_000 / 40 * 1_000);
    }

    @Test
    void readers_wait_for_the_database_if_the_application_queries_it() {
        Workload load = new Workload(20_000, 1, 1, 0, 100, 1, 2, 16, 10, 100, true);
        Outcome outcome = Simulation.run(Scenario.of(load, Failure.KILL, 1), known);
        assertThat(outcome.extraStatements()).isGreaterThanOrEqualTo(10_000 * 100.0);
        assertThat(outcome.allBack()).isGreaterThan(50_000);
    }

    @Test
    void readers_who_missed_the_same_events_share_pages() {
        Workload load = new Workload(2_000, 1, 1, 0, 100, 1, 1, 4, 10, 0, true);
        Scenario behind =
                new Scenario(load, Failure.CUT, 1, 0, 2, Choice.IN_TURN, 10_000, 10_000, ClientKind.BUNDLE, 1);
        Outcome outcome = Simulation.run(behind, known);
        assertThat(outcome.extraStatements())
                .as("forty pages, two statements each, not for each reader")
                .isLessThan(200);
    }

    @Test
    void in_a_rolling_restart_streams_pile_up_unless_the_balancer_counts_them() {
        Outcome inTurn = Simulation.run(Scenario.of(load(9_000, 9), Failure.ROLLING, 1), known);
        Outcome fewest =
                Simulation.run(Scenario.of(load(9_000, 9), Failure.ROLLING, 1).with(Choice.FEWEST), known);
        assertThat(inTurn.mostStreams()).as("(9/8)^8 times as many").isBetween(2_300, 2_800);
        assertThat(fewest.mostStreams()).isLessThan(1_400);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1_000, 30_000, 100_000, 300_000})
    void the_estimate_of_a_lost_node_is_not_shorter_than_the_simulation(double readers) {
        Workload load = load(readers, 3);
        Outcome outcome = run(load, Failure.KILL);
        assertThat(outcome.away()).isZero();
        assertThat(Estimate.of(load, known).figure("caughtUp") * 1_000).isGreaterThan(outcome.longest() * 0.98);
    }

    @Test
    void more_readers_than_allowed_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.of(load(10_000_001, 3), Failure.CUT, 1))
                .withMessageContaining("readers");
    }
}
