package dev.eventstream;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command of an application, run as {@code java -jar} does, but in this JVM. While it runs, it has the standard streams of the JVM.
 *
 * <p>Immutable.
 *
 * @param status the exit status
 * @param out the standard output
 * @param err the standard error
 */
public record CommandRun(int status, String out, String err) {

    /** Runs a command of the test service without input. */
    public static CommandRun of(String... arguments) {
        return withInput("", arguments);
    }

    /** Runs a subcommand of {@code events} with the configuration of a server. */
    public static CommandRun events(TestServer server, String subcommand, String... arguments) {
        return events(server.configuration(), subcommand, arguments);
    }

    /** Runs a subcommand of {@code events} with a configuration file. */
    static CommandRun events(Path configuration, String subcommand, String... arguments) {
        List<String> all = new ArrayList<>(List.of("events", subcommand, configuration.toString()));
        all.addAll(List.of(arguments));
        return of(all.toArray(String[]::new));
    }

    /** Runs a command of the test service. */
    static CommandRun withInput(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = run(new TestService(), input, out, err, arguments);
        return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs a command and returns its exit status. */
    static <C extends Configuration> int run(
            Application<C> application, String input, OutputStream out, OutputStream err, String... arguments) {
        InputStream inBefore = System.in;
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            Bootstrap<C> bootstrap = new Bootstrap<>(application);
            application.initialize(bootstrap);
            Cli cli = new Cli(new JarLocation(CommandRun.class), bootstrap, out, err);
            return cli.run(arguments).isPresent() ? 1 : 0;
        } finally {
            System.setIn(inBefore);
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }
}
