package dev.eventstream;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.base.Throwables;
import dev.eventstream.command.CommandFailedException;
import dev.eventstream.command.KickCommand;
import dev.eventstream.command.SendCommand;
import dev.eventstream.command.Subcommand;
import dev.eventstream.command.TailCommand;
import dev.eventstream.command.Terminal;
import dev.eventstream.command.TopCommand;
import dev.eventstream.command.TrimCommand;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.store.EventStoreException;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;

/**
 * {@code java -jar application.jar events …}: works on the application's log from the command line, with the application's configuration.
 * It starts no server and does not run the application.
 *
 * <p>A failure is one line on the standard error, and the exit status 1. The application's logging is not used, because its files belong to
 * the running node; warnings of this library go to the standard error.
 *
 * @param <C> the application's configuration
 */
final class EventsCommand<C extends Configuration> extends Command {
    static final String NAME = "events";

    private static final String SUBCOMMAND = "subcommand";
    private static final List<Subcommand> SUBCOMMANDS =
            List.of(new SendCommand(), new TailCommand(), new TrimCommand(), new KickCommand(), new TopCommand());

    private final CommandSources<C> sources;

    EventsCommand(CommandSources<C> sources) {
        super(NAME, "sends, shows and trims events, ends streams, and looks for problems");
        this.sources = sources;
    }

    @Override
    public void configure(Subparser parser) {
        Subparsers all = parser.addSubparsers()
                .title("subcommands")
                .metavar("SUBCOMMAND")
                .dest(SUBCOMMAND);
        for (Subcommand subcommand : SUBCOMMANDS) {
            subcommand.configure(withFile(all.addParser(subcommand.name())));
        }
        DoctorCommand.configure(withFile(all.addParser(DoctorCommand.NAME)));
    }

    private static Subparser withFile(Subparser subparser) {
        subparser.addArgument("file").metavar("FILE").help("the configuration file, such as config.yml");
        return subparser;
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        boolean isDoctor = arguments.getString(SUBCOMMAND).equals(DoctorCommand.NAME);
        DefaultLoggingFactory logging = logging(isDoctor);
        logging.configure(
                bootstrap.getMetricRegistry(), bootstrap.getApplication().getName());
        try {
            if (isDoctor) {
                new DoctorCommand<>(sources).run(typed(bootstrap), arguments, Terminal.ofProcess());
            } else {
                run(typed(bootstrap), arguments, chosen(arguments));
            }
        } finally {
            logging.stop();
        }
    }

    private void run(Bootstrap<C> bootstrap, Namespace arguments, Subcommand subcommand) throws Exception {
        C configured = CommandConfiguration.read(bootstrap, arguments.getString("file"));
        EventStreamFactory factory = sources.factory(configured);
        factory.check(bootstrap.getValidatorFactory().getValidator());
        Environment environment = CommandConfiguration.environment(bootstrap, configured);
        LogSource source = sources.log().apply(configured, environment);
        OpenedLog opened = new OpenedLog(environment, factory, source);
        try {
            subcommand.run(arguments, opened.log(), Terminal.ofProcess());
        } finally {
            opened.close();
        }
    }

    // a command is added to a bootstrap of the application that has this configuration
    @SuppressWarnings("unchecked")
    private Bootstrap<C> typed(Bootstrap<?> bootstrap) {
        return (Bootstrap<C>) bootstrap;
    }

    private static Subcommand chosen(Namespace arguments) {
        String name = arguments.getString(SUBCOMMAND);
        return SUBCOMMANDS.stream()
                .filter(subcommand -> subcommand.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Messages of this library from WARN on, without stack traces; none about the configuration if they are in a report. */
    private static DefaultLoggingFactory logging(boolean isReported) {
        ConsoleAppenderFactory<ILoggingEvent> console = new ConsoleAppenderFactory<>();
        console.setTarget(ConsoleAppenderFactory.ConsoleStream.STDERR);
        console.setLogFormat("%level %message%n%nopex");
        DefaultLoggingFactory logging = new DefaultLoggingFactory();
        logging.setLevel("OFF");
        logging.setLoggers(Map.of(
                "dev.eventstream",
                TextNode.valueOf("WARN"),
                "dev.eventstream.config",
                TextNode.valueOf(isReported ? "OFF" : "WARN")));
        logging.setAppenders(List.of(console));
        return logging;
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable failure) {
        cli.getStdErr().println("events " + arguments.getString(SUBCOMMAND) + ": " + message(failure));
    }

    private static String message(Throwable failure) {
        boolean isForPeople = failure instanceof CommandFailedException
                || failure instanceof EventStoreException
                || failure instanceof ConfigurationException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException
                || failure instanceof IOException;
        return Terminal.oneLine(
                isForPeople
                        ? failure.getMessage() + databaseMessage(failure)
                        : "failed: " + Throwables.getRootCause(failure));
    }

    /** What the driver says, such as that the server refuses connections; the store leaves out messages that may quote an event. */
    private static String databaseMessage(Throwable failure) {
        return Throwables.getCausalChain(failure).stream()
                .filter(cause -> failure instanceof EventStoreException && cause instanceof SQLException)
                .map(cause -> ": " + cause.getMessage())
                .findFirst()
                .orElse("");
    }
}
