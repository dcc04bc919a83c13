package dev.eventstream.testing;

import dev.eventstream.EventStream;
import dev.eventstream.EventStreamBundle;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.testing.DropwizardTestSupport;

/** An application that consists of the bundle alone. */
final class TestApplication extends Application<Configuration> {
    private final EventStreamBundle<Configuration> events;

    TestApplication(EventStreamBundle<Configuration> events) {
        this.events = events;
    }

    @Override
    public void initialize(Bootstrap<Configuration> bootstrap) {
        bootstrap.addBundle(events);
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
        // the bundle is all there is
    }

    EventStream eventStream() {
        return events.eventStream();
    }

    /** A server on any ports, which is not started yet. */
    DropwizardTestSupport<Configuration> server() {
        return new DropwizardTestSupport<>(TestApplication.class, onAnyPorts()) {
            @Override
            public Application<Configuration> newApplication() {
                return TestApplication.this;
            }
        };
    }

    private static Configuration onAnyPorts() {
        Configuration configuration = new Configuration();
        listenOnAnyPorts(configuration.getServerFactory());
        return configuration;
    }

    /** Replaces the ports of a server that is not built yet. */
    static void listenOnAnyPorts(ServerFactory server) {
        if (server instanceof DefaultServerFactory two) {
            two.getApplicationConnectors().forEach(TestApplication::listenOnAnyPort);
            two.getAdminConnectors().forEach(TestApplication::listenOnAnyPort);
        } else if (server instanceof SimpleServerFactory one) {
            listenOnAnyPort(one.getConnector());
        }
    }

    private static void listenOnAnyPort(ConnectorFactory connector) {
        if (connector instanceof HttpConnectorFactory http) {
            http.setPort(0);
        }
    }
}
