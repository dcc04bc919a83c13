package dev.eventstream;

import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.testing.DropwizardTestSupport;
import java.util.List;
import java.util.function.UnaryOperator;

/** An application as a user would write it, with the default configuration and without a database. */
public final class SmallService extends Application<Configuration> {
    private final EventStreamBundle<Configuration> events;

    /**
     * @param more adds what the bundle needs besides its configuration
     */
    public SmallService(UnaryOperator<EventStreamBundle.Builder<Configuration>> more) {
        this.events = more.apply(
                        EventStreamBundle.<Configuration>builder().configuration(any -> new EventStreamFactory()))
                .build();
    }

    @Override
    public void initialize(Bootstrap<Configuration> bootstrap) {
        bootstrap.addBundle(events);
    }

    @Override
    public void run(Configuration configuration, Environment environment) {}

    public EventStream eventStream() {
        return events.eventStream();
    }

    /** A server on any ports, which is not started yet. */
    public DropwizardTestSupport<Configuration> server() {
        return server(onAnyPorts());
    }

    /** A server with a configuration, which is not started yet. */
    DropwizardTestSupport<Configuration> server(Configuration configuration) {
        return new DropwizardTestSupport<>(SmallService.class, configuration) {
            @Override
            public Application<Configuration> newApplication() {
                return SmallService.this;
            }
        };
    }

    /** The default configuration, on any ports. */
    public static Configuration onAnyPorts() {
        DefaultServerFactory ports = new DefaultServerFactory();
        ports.setApplicationConnectors(List.of(anyPort()));
        ports.setAdminConnectors(List.of(anyPort()));
        Configuration configuration = new Configuration();
        configuration.setServerFactory(ports);
        return configuration;
    }

    private static HttpConnectorFactory anyPort() {
        HttpConnectorFactory connector = new HttpConnectorFactory();
        connector.setPort(0);
        return connector;
    }
}
