package dev.eventstream.example;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import java.util.UUID;
import java.util.stream.Stream;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;

/** The example service in the JVM of the tests: with the reference configuration, free ports, and a database in memory. */
final class ExampleInProcess extends DropwizardAppExtension.ServiceListener<ExampleConfiguration> {
    private ExampleInProcess() {}

    static DropwizardAppExtension<ExampleConfiguration> with(ConfigOverride... overrides) {
        Stream<ConfigOverride> own = Stream.of(
                ConfigOverride.config("server.applicationConnectors[0].port", "0"),
                ConfigOverride.config("server.adminConnectors[0].port", "0"),
                ConfigOverride.config("eventStream.publish.tokens[0]", ServiceProcess.TOKEN),
                ConfigOverride.config("database.url", "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"));
        return new DropwizardAppExtension<>(
                        ExampleApplication.class,
                        "../config.yml",
                        Stream.concat(own, Stream.of(overrides)).toArray(ConfigOverride[]::new))
                .addListener(new ExampleInProcess());
    }

    /** Migrates as {@code db migrate} does, before the service starts. */
    @Override
    public void onRun(
            ExampleConfiguration configuration,
            Environment environment,
            DropwizardAppExtension<ExampleConfiguration> extension)
            throws Exception {
        ManagedDataSource database = configuration.getDatabase().build(environment.metrics(), "migrations");
        try (Liquibase liquibase = new Liquibase(
                "migrations.xml",
                new ClassLoaderResourceAccessor(),
                DatabaseFactory.getInstance()
                        .findCorrectDatabaseImplementation(new JdbcConnection(database.getConnection())))) {
            liquibase.update("");
        }
        database.stop();
    }
}
