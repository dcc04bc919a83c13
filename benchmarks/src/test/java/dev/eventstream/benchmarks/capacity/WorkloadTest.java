package dev.eventstream.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadTest {
    @ParameterizedTest
    @CsvSource({
        "readers,0,1,1,0,0,0,1,1,1,0",
        "readers,1e10,1,1,0,0,0,1,1,1,0",
        "readers,NaN,1,1,0,0,0,1,1,1,0",
        "channelsPerReader,1,0,1,0,0,0,1,1,1,0",
        "channelsPerReader,1,256,300,0,0,0,1,1,1,0",
        "channels,1,5,4,0,0,0,1,1,1,0",
        "events,1,1,1,-1,0,0,1,1,1,0",
        "events,1,1,1,1e8,0,0,1,1,1,0",
        "bytes,1,1,1,0,-1,0,1,1,1,0",
        "bytes,1,1,1,0,16777217,0,1,1,1,0",
        "storedShare,1,1,1,0,0,1.01,1,1,1,0",
        "nodes,1,1,1,0,0,0,0,1,1,0",
        "cores,1,1,1,0,0,0,1,1025,1,0",
        "network,1,1,1,0,0,0,1,1,0,0",
        "queries,1,1,1,0,0,0,1,1,1,101"
    })
    void a_value_out_of_bounds_is_refused_by_its_name(
            String name,
            double readers,
            double perReader,
            double channels,
            double events,
            double bytes,
            double stored,
            double nodes,
            double cores,
            double network,
            double queries) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Workload(
                        readers, perReader, channels, events, bytes, stored, nodes, cores, network, queries, true))
                .withMessageStartingWith(name + " is ");
    }

    @Test
    void bounds_are_allowed() {
        assertThat(new Workload(1e9, 255, 1e9, 1e7, 16_777_216, 1, 10_000, 1_024, 1_000, 100, true).readers())
                .isEqualTo(1e9);
        assertThat(new Workload(1, 1, 1, 0, 0, 0, 1, 1, 0.001, 0, false).events())
                .isZero();
    }
}
