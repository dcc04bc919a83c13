package dev.eventstream.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Compares the formulas with values calculated by hand from round parameters. */
class EstimateTest {
    private static final double MB = 1 << 20;

    private final Parameters known = Checkout.parameters()
            .with("cpu.write=10,cpu.event=0,cpu.news=0,cpu.byte=1,fan-out.threads=1,load.target=0.5,round.longest=0.25")
            .with("cpu.send.stored=100,cpu.send.unstored=50,cpu.start=1000,stream.life=1000,keep-alive.mean=10")
            .with("frame.event=20,frame.id=5,frame.id.channel=25,heap.base=10,heap.stream=10,heap.channel=0")
            .with("heap.smallest=1,heap.factor=2,memory.share=0.5,rss.base=100,kernel.stream=1");

    private static Workload load(double readers, double events, double bytes, double stored, double nodes) {
        return new Workload(readers, 1, 1, events, bytes, stored, nodes, 4, 1, 0, false);
    }

    private Estimate estimate(Workload load) {
        return Estimate.of(load, known);
    }

    @Test
    void a_delivery_costs_its_write_and_its_bytes() {
        Estimate estimate = estimate(load(1_000, 10, 50, 1, 1));
        assertThat(estimate.figure("frame")).isEqualTo(50 + 20 + 5 + 25);
        assertThat(estimate.figure("deliveries")).isEqualTo(10_000);
        assertThat(estimate.figure("writes")).isEqualTo(10_000);
        assertThat(estimate.figure("fanOutCores")).isCloseTo(10_000 * (10 + 100 / 1e3) / 1e6, within(1e-12));
        assertThat(estimate.figure("lastReader")).as("1,000 writes of 10.1 µs").isCloseTo(10.1, within(1e-9));
    }

    @Test
    void unstored_events_have_no_id_on_the_wire() {
        assertThat(estimate(load(1, 1, 50, 0, 1)).figure("frame")).isEqualTo(70);
    }

    @Test
    void a_node_that_has_no_time_for_each_event_writes_several_together() {
        Estimate estimate = estimate(load(1_000, 1_000, 50, 1, 1));
        assertThat(estimate.figure("deliveries")).isEqualTo(1e6);
        assertThat(estimate.figure("fanOutCores")).as("half of the thread").isEqualTo(0.5);
        assertThat(estimate.figure("writes")).isCloseTo((0.5e6 - 1e6 * 0.1) / 10, within(1e-6));
        assertThat(estimate.figure("lastReader")).isEqualTo(250);
        assertThat(estimate.share(Resource.FAN_OUT))
                .as("four writes a second to each stream, and the bytes")
                .isCloseTo((1_000 * 4 * 10 + 1e6 * 0.1) / 1e6 / 0.5, within(1e-9));
    }

    @Test
    void the_other_nodes_carry_the_streams_of_a_lost_one() {
        assertThat(estimate(load(900, 0, 0, 0, 4)).figure("streams")).isEqualTo(300);
        assertThat(estimate(load(900, 0, 0, 0, 1)).figure("streams")).isEqualTo(900);
    }

    @Test
    void silent_streams_cost_keep_alives_memory_and_descriptors() {
        Estimate estimate = estimate(load(10_000, 0, 0, 0, 1));
        assertThat(estimate.figure("cores"))
                .as("1,000 keep-alives and 10 new streams a second")
                .isCloseTo((1_000 * 10 + 10 * 1_000) / 1e6, within(1e-9));
        assertThat(estimate.figure("heap")).isCloseTo((10 * MB + 10_000 * 10 * 1_024) * 2 / 0.5, within(1.0));
        assertThat(estimate.figure("process")).isCloseTo(estimate.figure("heap") + 100 * MB, within(1.0));
        assertThat(estimate.figure("kernel")).isEqualTo(10_000 * 1_024);
        assertThat(estimate.figure("descriptors")).isEqualTo(10_000 + known.value(Parameter.DESCRIPTORS_BASE));
    }

    @Test
    void an_event_is_handed_to_the_fan_out_once_on_each_node_that_follows_its_channel() {
        Parameters costly = known.with("cpu.news=30");
        Workload all = new Workload(1_000, 1, 1_000, 100, 50, 0, 1, 4, 1, 0, false);
        assertThat(Estimate.of(all, costly).figure("fanOutCores")
                        - estimate(all).figure("fanOutCores"))
                .isCloseTo(100 * 30 / 1e6, within(1e-12));
        Workload half = new Workload(1_000, 1, 1_000, 100, 50, 0, 3, 4, 1, 0, false);
        assertThat(Estimate.of(half, costly).figure("fanOutCores")
                        - estimate(half).figure("fanOutCores"))
                .isCloseTo(50 * 30 / 1e6, within(1e-12));
    }

    @Test
    void a_node_holds_no_more_streams_than_the_product_allows() {
        assertThat(estimate(load(1_500_000, 0, 0, 0, 1)).share(Resource.STREAMS))
                .isEqualTo(1.5);
    }

    @Test
    void only_stored_events_reach_the_database() {
        assertThat(estimate(load(10, 100, 50, 0, 1)).figure("transactions")).isZero();
        assertThat(estimate(load(10, 100, 50, 0.5, 1)).figure("transactions")).isEqualTo(50);
        assertThat(estimate(load(10, 100, 50, 0.5, 1)).figure("rowsWritten")).isEqualTo(150);
    }

    @Test
    void senders_of_a_node_share_transactions_once_it_cannot_begin_more() {
        double most = known.value(Parameter.DB_GROUPS);
        assertThat(estimate(load(10, 5_000, 50, 1, 1)).figure("transactions")).isEqualTo(most);
        assertThat(estimate(load(10, 5_000, 50, 1, 3)).figure("transactions")).isEqualTo(2 * most);
    }

    @Test
    void all_readers_are_back_within_the_longest_retry_if_no_resource_is_short() {
        Estimate estimate = estimate(load(3_000, 1, 50, 1, 3));
        assertThat(estimate.figure("returning")).isEqualTo(500);
        assertThat(estimate.figure("started")).isEqualTo(known.value(Parameter.RETRY_MAX));
        assertThat(estimate.figure("refusedFirst")).isZero();
    }

    @Test
    void streams_beyond_the_admission_are_refused_at_first() {
        Estimate estimate = estimate(load(200_000, 1, 50, 1, 2));
        double atOnce = known.value(Parameter.ADMISSION_RATE) * (known.value(Parameter.ADMISSION_BURST) + 4);
        assertThat(estimate.figure("refusedFirst")).isCloseTo((100_000 - atOnce) / 100_000, within(1e-9));
        assertThat(estimate.figure("started")).isGreaterThan(100);
    }

    @Test
    void a_larger_load_never_needs_less_of_a_resource() {
        Parameters shipped = Checkout.parameters();
        for (Case each : Case.ALL) {
            Estimate before = Estimate.of(each.load(), shipped);
            Estimate after = Estimate.of(each.load().withReaders(each.load().readers() * 1.5), shipped);
            assertThat(Arrays.asList(Resource.values()))
                    .allSatisfy(resource ->
                            assertThat(after.share(resource)).isGreaterThanOrEqualTo(before.share(resource)));
        }
    }

    @Test
    void every_typical_case_fits() {
        Parameters shipped = Checkout.parameters();
        assertThat(Case.ALL)
                .allSatisfy(each -> assertThat(Estimate.of(each.load(), shipped).fits())
                        .as(each.title())
                        .isTrue());
    }

    @Test
    void the_largest_load_fits_and_a_little_more_does_not() {
        double most = Largest.that(number -> load(number, 1, 50, 1, 1), 1e8, known);
        assertThat(most).isGreaterThan(1_000);
        assertThat(estimate(load(most, 1, 50, 1, 1)).fits()).isTrue();
        assertThat(estimate(load(most * 1.001 + 2, 1, 50, 1, 1)).fits()).isFalse();
    }

    @Test
    void the_largest_load_is_zero_if_not_even_one_fits_and_the_limit_if_the_limit_fits() {
        assertThat(Largest.that(number -> load(number, 1e7, 1e6, 1, 1), 1e6, known))
                .isZero();
        assertThat(Largest.that(number -> load(number, 0, 0, 0, 1), 10, known)).isEqualTo(10);
    }
}
