package dev.eventstream.example;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.Gauge;
import dev.eventstream.EventStream;
import dev.eventstream.store.EventStore;
import io.dropwizard.testing.DropwizardTestSupport;

/** A {@link TokenService} that can be restarted on its port, with the same log or another one. Confined to one thread. */
final class TokenServer {
    private final int port = ServiceProcess.freePort();
    private DropwizardTestSupport<TokenService.Settings> support;

    TokenServer(EventStore log) {
        support = TokenService.on(port, log);
    }

    void start() throws Exception {
        support.before();
    }

    void stop() {
        support.after();
    }

    void restart(EventStore log) throws Exception {
        stop();
        support = TokenService.on(port, log);
        start();
    }

    int port() {
        return port;
    }

    String address(String path) {
        return "http://localhost:" + port + path;
    }

    TokenService service() {
        return support.getApplication();
    }

    EventStream events() {
        return service().events();
    }

    int openStreams() {
        Gauge<?> open =
                requireNonNull(support.getEnvironment().metrics().getGauges().get("eventstream.streams.open"));
        return (Integer) requireNonNull(open.getValue());
    }

    /** Streams whose clients have closed the connection. */
    long goneClients() {
        return support.getEnvironment()
                .metrics()
                .counter("eventstream.streams.ended.client-gone")
                .getCount();
    }
}
