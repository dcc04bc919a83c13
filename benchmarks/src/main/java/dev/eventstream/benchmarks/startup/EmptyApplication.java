package dev.eventstream.benchmarks.startup;

import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jdbi3.JdbiFactory;
import org.jdbi.v3.core.Jdbi;

/** An application that serves nothing, with or without a database. */
public final class EmptyApplication extends Application<EmptyConfiguration> {
    /** The argument is the configuration. */
    public static void main(String[] arguments) throws Exception {
        new EmptyApplication().run("server", arguments[0]);
    }

    @Override
    public void run(EmptyConfiguration configured, Environment environment) {
        connect(configured, environment);
        Console.follow(environment);
    }

    /** Opens the database like an application that uses it. */
    static void connect(EmptyConfiguration configured, Environment environment) {
        configured.database().ifPresent(database -> {
            Jdbi unused = new JdbiFactory().build(environment, database, "application");
        });
    }
}
