package dev.eventstream.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.publisher.WaitingSends;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SendsHealthCheckTest {
    private static HealthCheck.Result check(Optional<WaitingSends> waiting) {
        return new SendsHealthCheck(() -> waiting).execute();
    }

    @Test
    void a_node_whose_sends_are_stored_in_time_is_healthy() {
        assertThat(check(Optional.empty()).isHealthy()).isTrue();
    }

    @Test
    void sends_that_wait_for_a_lock_are_reported_with_their_number_longest_wait_and_channel() {
        HealthCheck.Result result =
                check(Optional.of(new WaitingSends(8, Duration.ofMillis(7_200), new ChannelName("100%d"), true)));
        assertThat(result.isHealthy()).isFalse();
        assertThat(result.getMessage())
                .isEqualTo("8 send(s) have been waiting for more than half of eventStream.sendTimeout, the longest for"
                        + " 7200 ms for channel \"100%d\", which another transaction keeps locked; look for a long"
                        + " transaction that sends to it");
    }

    @Test
    void sends_that_wait_for_the_database_are_reported_too() {
        HealthCheck.Result result =
                check(Optional.of(new WaitingSends(1, Duration.ofSeconds(6), new ChannelName("a"), false)));
        assertThat(result.isHealthy()).isFalse();
        assertThat(result.getMessage())
                .isEqualTo("1 send(s) have been waiting for more than half of eventStream.sendTimeout, the longest for"
                        + " 6000 ms, for channel \"a\"; the database is too slow or does not answer");
    }
}
