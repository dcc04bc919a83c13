package dev.eventstream.example;

import dev.eventstream.testing.ApplicationStreams;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import java.util.UUID;
import java.util.stream.Stream;

/** The example service in the JVM of the tests: with the reference configuration, and a database in memory. */
final class ExampleInProcess {
    private ExampleInProcess() {}

    /** The service on free ports, with its tables. */
    static DropwizardAppExtension<ExampleConfiguration> with(ConfigOverride... overrides) {
        DropwizardAppExtension<ExampleConfiguration> app = before(overrides);
        ApplicationStreams<ExampleConfiguration> unused = streams(app);
        return app;
    }

    /** The service before {@link #streams} gives it free ports and its tables. */
    static DropwizardAppExtension<ExampleConfiguration> before(ConfigOverride... overrides) {
        Stream<ConfigOverride> own = Stream.of(
                ConfigOverride.config("eventStream.publish.tokens[0]", ServiceProcess.TOKEN),
                ConfigOverride.config("database.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        return new DropwizardAppExtension<>(
                ExampleApplication.class,
                "../config.yml",
                Stream.concat(own, Stream.of(overrides)).toArray(ConfigOverride[]::new));
    }

    static ApplicationStreams<ExampleConfiguration> streams(DropwizardAppExtension<ExampleConfiguration> app) {
        return ApplicationStreams.of(app, ExampleConfiguration::getDatabase);
    }
}
