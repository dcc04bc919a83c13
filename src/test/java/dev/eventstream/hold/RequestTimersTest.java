package dev.eventstream.hold;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** How streams affect Dropwizard's metrics of the application's requests. */
class RequestTimersTest {
    private static final String USUAL = "io.dropwizard.jetty.MutableServletContextHandler";

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @RegisterExtension
    static final TestServer PREFIXED = new TestServer("server.metricPrefix=shop");

    /** Longer than any request of these tests takes, and shorter than the streams. */
    private static final Duration LONG = Duration.ofSeconds(4);

    private record Served(TestServer server, String prefix) {
        private MetricRegistry metrics() {
            return server.support().getEnvironment().metrics();
        }

        private Stream<Timer> timers() {
            return Stream.of("requests", "get-requests", "dispatches").map(this::timer);
        }

        private Timer timer(String name) {
            return requireNonNull(metrics().getTimers().get(prefix + '.' + name));
        }

        private long ended() {
            return metrics().meter(prefix + ".2xx-responses").getCount();
        }

        private long active() {
            return metrics().counter(prefix + ".active-requests").getCount();
        }
    }

    static final List<Served> SERVERS = List.of(new Served(SERVER, USUAL), new Served(PREFIXED, "shop"));

    @ParameterizedTest
    @FieldSource("SERVERS")
    void streams_stay_out_of_the_timers_however_they_end(Served served) throws Exception {
        TestServer server = served.server();
        await().until(() -> served.active() == 0);
        long requests = served.timer("requests").getCount();
        long ended = served.ended();
        Instant opened = Instant.now();
        try (TestStream left = server.stream("/events?channel=timed").awaitOpen();
                TestStream finished = server.stream("/events?channel=timed-finished-" + served.prefix())
                        .awaitOpen()) {
            assertThat(left.messages()).isEmpty();
            assertThat(served.active()).isEqualTo(2);
            await().until(() -> Duration.between(opened, Instant.now()).compareTo(LONG) > 0);
            server.events().finish("timed-finished-" + served.prefix());
            finished.awaitEnd();
        }
        await().until(() -> served.ended() == ended + 2);

        assertThat(served.active()).isZero();
        assertThat(served.timer("requests").getCount()).isEqualTo(requests);
        assertThat(served.timers())
                .allSatisfy(
                        timer -> assertThat(Duration.ofNanos(timer.getSnapshot().getMax()))
                                .isLessThan(LONG));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void other_requests_are_timed_even_on_the_connection_of_a_stream(Served served) throws Exception {
        long requests = served.timer("get-requests").getCount();
        assertThat(RawHttp.get(served.server().port(), "/events?channel=secret-x")
                        .body())
                .contains("forbidden");
        assertThat(RawHttp.get(served.server().port(), "/nothing").status()).isEqualTo(404);

        await().untilAsserted(() ->
                assertThat(served.timer("get-requests").getCount()).isEqualTo(requests + 2));
    }

    @Test
    void jersey_has_no_metrics_of_the_resources_of_streams() {
        assertThat(SERVER.support().getEnvironment().metrics().getNames())
                .isNotEmpty()
                .noneMatch(name -> name.startsWith("dev.eventstream."));
    }

    @Test
    void timers_that_exist_already_are_left_alone() {
        MetricRegistry metrics = new MetricRegistry();
        Timer own = metrics.timer("shop.requests");
        RequestTimers.register(metrics, "shop");

        assertThat(metrics.timer("shop.requests")).isSameAs(own);
    }
}
