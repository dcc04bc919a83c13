package dev.eventstream.benchmarks.startup;

import dev.eventstream.EventStreamBundle;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;

/** The same with the bundle, whose log is in the database, or in memory if the second argument is {@code memory}. */
public final class BundleApplication extends Application<BundleConfiguration> {
    private final boolean isInMemory;

    private BundleApplication(boolean isInMemory) {
        this.isInMemory = isInMemory;
    }

    /** The first argument is the configuration. */
    public static void main(String[] arguments) throws Exception {
        new BundleApplication(arguments.length > 1 && arguments[1].equals("memory")).run("server", arguments[0]);
    }

    @Override
    public void initialize(Bootstrap<BundleConfiguration> bootstrap) {
        EventStreamBundle.Builder<BundleConfiguration> builder = EventStreamBundle.<BundleConfiguration>builder()
                .configuration(BundleConfiguration::eventStream)
                .authorizer((reader, channel) -> true);
        bootstrap.addBundle((isInMemory
                        ? builder.store((configured, environment) -> new MemoryEventStore(Clock.systemUTC()))
                        : builder.database(configured -> configured.database().orElseThrow()))
                .build());
    }

    @Override
    public void run(BundleConfiguration configured, Environment environment) {
        EmptyApplication.connect(configured, environment);
        Console.follow(environment);
    }
}
