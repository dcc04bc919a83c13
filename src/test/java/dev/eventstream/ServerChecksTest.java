package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.util.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerChecksTest {
    @ParameterizedTest
    @CsvSource({"20, 0", "59, 0", "60, 1", "90, 1"})
    void a_silence_that_usual_proxies_do_not_bear_is_warned_of(int keepAliveSeconds, int warnings) {
        EventStreamFactory factory = new EventStreamFactory();
        factory.setKeepAlive(Duration.seconds(keepAliveSeconds));
        HttpConnectorFactory connector = new HttpConnectorFactory();
        connector.setIdleTimeout(Duration.seconds(120));
        DefaultServerFactory server = new DefaultServerFactory();
        server.setApplicationConnectors(List.of(connector));
        try (Logged log = new Logged()) {
            ServerChecks.check(server, factory);
            assertThat(log.lines())
                    .hasSize(warnings)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("WARN eventStream.keepAlive is " + keepAliveSeconds
                                    + " seconds: nginx and most load"
                                    + " balancers close connections that are silent for 60 s"));
        }
    }
}
