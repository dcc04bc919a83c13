package dev.eventstream.benchmarks.embedded;

import static java.util.Objects.requireNonNull;

import dev.eventstream.EventStream;
import dev.eventstream.EventStreamBundle;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jdbi3.JdbiFactory;
import org.eclipse.jetty.server.Server;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** An application that only sends. */
final class EmbeddedApplication extends Application<EmbeddedConfiguration> {
    private final EventStreamBundle<EmbeddedConfiguration> bundle = EventStreamBundle.<EmbeddedConfiguration>builder()
            .configuration(EmbeddedConfiguration::getEventStream)
            .database(EmbeddedConfiguration::getDatabase)
            .authorizer((reader, channel) -> true)
            .build();

    private @Nullable Environment environment;
    private @Nullable Jdbi jdbi;
    private @Nullable Server server;

    @Override
    public void initialize(Bootstrap<EmbeddedConfiguration> bootstrap) {
        bootstrap.addBundle(bundle);
    }

    @Override
    public void run(EmbeddedConfiguration configured, Environment built) {
        environment = built;
        jdbi = new JdbiFactory().build(built, configured.getDatabase(), "application");
        built.lifecycle().addServerLifecycleListener(started -> server = started);
    }

    /** Otherwise Dropwizard would end this JVM. */
    @Override
    protected void onFatalError(Throwable failure) {
        throw new IllegalStateException("the application does not start", failure);
    }

    EventStream eventStream() {
        return bundle.eventStream();
    }

    Environment environment() {
        return requireNonNull(environment);
    }

    Jdbi jdbi() {
        return requireNonNull(jdbi);
    }

    Server server() {
        return requireNonNull(server);
    }
}
