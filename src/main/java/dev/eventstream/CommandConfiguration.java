package dev.eventstream;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;

/** Reads an application's configuration for a command, as Dropwizard does for {@code server}. Stateless. */
final class CommandConfiguration {
    private CommandConfiguration() {}

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read
     * @throws ConfigurationException if it is malformed, or a value is not allowed
     */
    static <C extends Configuration> C read(Bootstrap<C> bootstrap, String file)
            throws IOException, ConfigurationException {
        return bootstrap
                .getConfigurationFactoryFactory()
                .create(
                        bootstrap.getApplication().getConfigurationClass(),
                        bootstrap.getValidatorFactory().getValidator(),
                        bootstrap.getObjectMapper(),
                        "dw")
                .build(bootstrap.getConfigurationSourceProvider(), file);
    }

    /** An environment in which nothing is served. */
    static <C extends Configuration> Environment environment(Bootstrap<C> bootstrap, C configured) {
        return new Environment(
                bootstrap.getApplication().getName(),
                bootstrap.getObjectMapper(),
                bootstrap.getValidatorFactory(),
                bootstrap.getMetricRegistry(),
                bootstrap.getClassLoader(),
                bootstrap.getHealthCheckRegistry(),
                configured);
    }
}
