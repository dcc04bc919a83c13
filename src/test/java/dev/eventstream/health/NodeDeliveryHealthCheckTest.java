package dev.eventstream.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.Timer;
import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.TestServer;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that sends events to itself, in a service. EventStreamTest's list of metrics shows that it does not by default. */
class NodeDeliveryHealthCheckTest {
    @RegisterExtension
    static final TestServer SERVER =
            new TestServer("eventStream.deliveryCheckTimeout=1s", "eventStream.sendTimeout=3s");

    private static HealthCheck.Result check(TestServer server) {
        return server.support().getEnvironment().healthChecks().runHealthCheck("eventstream-delivery");
    }

    private static Timer timer(TestServer server) {
        return server.support().getEnvironment().metrics().timer("eventstream.delivery");
    }

    private static long stored(TestServer server) {
        Long count = server.jdbi()
                .withHandle(handle -> handle.select("SELECT COUNT(*) FROM eventstream_event")
                        .mapTo(Long.class)
                        .one());
        return count;
    }

    @Test
    void an_event_arrives_and_is_timed() {
        long before = timer(SERVER).getCount();

        HealthCheck.Result result = check(SERVER);

        assertThat(result.getMessage())
                .matches("an event took \\d+ ms from here through the log to a stream of this node");
        assertThat(result.isHealthy()).isTrue();
        assertThat(timer(SERVER).getCount()).isEqualTo(before + 1);
        assertThat(stored(SERVER)).isPositive();
        await("the end of the stream").until(() -> SERVER.openStreams() == 0);
    }

    @Test
    void an_event_that_cannot_be_stored_fails_all_checks_in_time_and_is_not_sent_again() throws Exception {
        check(SERVER);
        ExecutorService pollers = Executors.newFixedThreadPool(4);
        SERVER.jdbi().useTransaction(handle -> {
            SERVER.events().in(handle).send("eventstream-delivery-check", "message", "holds the lock");
            Callable<HealthCheck.Result> poll = () -> check(SERVER);
            for (Future<HealthCheck.Result> result : pollers.invokeAll(Collections.nCopies(4, poll))) {
                assertThat(result.get().isHealthy()).isFalse();
                assertThat(result.get().getMessage())
                        .isEqualTo("an event could not be stored within 1000 ms; look at eventstream-sends and"
                                + " eventstream-store");
            }
            assertThat(SERVER.gauged("eventstream.sends.waiting")).isEqualTo(1);
            handle.rollback();
        });
        pollers.shutdown();

        await().until(() -> check(SERVER).isHealthy());
    }

    @Test
    void a_node_without_a_database_is_unhealthy() throws Exception {
        TestServer server = new TestServer("eventStream.deliveryCheckTimeout=2s");
        server.start();
        try {
            assertThat(check(server).isHealthy()).isTrue();
            server.jdbi().useHandle(handle -> handle.execute("DROP TABLE eventstream_event CASCADE"));

            HealthCheck.Result result = check(server);
            assertThat(result.isHealthy()).isFalse();
            assertThat(result.getMessage()).startsWith("an event could not be sent, or did not arrive: ");
        } finally {
            server.stop();
        }
    }

    @Test
    void with_an_unstored_channel_the_check_writes_nothing() throws Exception {
        TestServer server = TestServer.withMore(
                "", "eventStream.deliveryCheckTimeout=2s", "eventStream.unstored[0]=eventstream-delivery-check");
        server.start();
        try {
            assertThat(check(server).isHealthy()).isTrue();
            assertThat(stored(server)).isZero();
        } finally {
            server.stop();
        }
    }
}
