package dev.eventstream;

import dev.eventstream.bus.Bus;
import dev.eventstream.command.CommandFailedException;
import dev.eventstream.command.Terminal;
import dev.eventstream.config.BusFactory;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.GripFactory;
import dev.eventstream.config.GripProxy;
import dev.eventstream.doctor.ClientHeaders;
import dev.eventstream.doctor.DatabaseFindings;
import dev.eventstream.doctor.Finding;
import dev.eventstream.doctor.PathFindings;
import dev.eventstream.doctor.ProxyFindings;
import dev.eventstream.doctor.Report;
import dev.eventstream.doctor.SecretFindings;
import dev.eventstream.doctor.ServerFindings;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.jdbi.DatabaseFacts;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.util.Duration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * {@code events doctor}: checks the configuration, the database, the bus and the proxies from the machine on which it runs, and reports all
 * that would hurt. It changes nothing. A check that cannot be made is named.
 *
 * <p>Confined to the thread of the command.
 *
 * @param <C> the application's configuration
 */
final class DoctorCommand<C extends Configuration> {
    static final String NAME = "doctor";

    private static final String THROUGH = "through";
    private static final String HEADERS = "headers";
    private static final String CONFIGURATION = "configuration";
    private static final String BUS = "bus";
    private static final List<String> DATABASE = List.of("database");
    private static final List<String> LOG_CHECKS = List.of("database", "migrations");
    private static final List<String> PROXY_CONTROL = List.of("proxy-control");

    private final CommandSources<C> sources;
    private final Clock clock = Clock.systemUTC();
    private final Report report = new Report();

    DoctorCommand(CommandSources<C> sources) {
        this.sources = sources;
    }

    static void configure(Subparser parser) {
        parser.help("look for problems, and say what to change");
        parser.description("""
                Checks the configuration, the database, the bus and the proxies, from
                this machine. Prints each problem, why it matters, and what to change.
                The exit status is 1 if there are errors.""");
        parser.addArgument("--" + THROUGH)
                .metavar("ADDRESS")
                .help(
                        "the address of a stream, as clients use it;\nreads it until its first keep-alive, to check\nall that is in between");
        parser.addArgument("--" + HEADERS)
                .metavar("HEADERS")
                .help("a file with the headers that a client sends\nwith it, one in a line, such as Cookie: s=7");
        parser.addArgument("--json").action(Arguments.storeTrue()).help("print the report as JSON");
    }

    /**
     * Runs all checks and prints the report.
     *
     * @throws CommandFailedException if there are errors
     */
    void run(Bootstrap<C> bootstrap, Namespace arguments, Terminal terminal) throws Exception {
        examine(bootstrap, arguments, terminal);
        terminal.line(arguments.getBoolean("json") ? report.json(bootstrap.getObjectMapper()) : report.text());
        if (report.errors() > 0) {
            throw new CommandFailedException("found " + report.summary());
        }
    }

    private void examine(Bootstrap<C> bootstrap, Namespace arguments, Terminal terminal) throws Exception {
        C configured;
        EventStreamFactory factory;
        try {
            configured = CommandConfiguration.read(bootstrap, arguments.getString("file"));
            factory = sources.factory(configured);
            factory.check(bootstrap.getValidatorFactory().getValidator());
        } catch (ConfigurationException | IOException | IllegalArgumentException e) {
            refused(String.valueOf(e.getMessage()));
            skipAll();
            return;
        }
        examineConfiguration(configured, factory);
        examineLog(bootstrap, configured, factory);
        Optional<GripFactory> grip = factory.grip();
        if (grip.isPresent()) {
            for (GripProxy proxy : grip.get().buildProxies(clock)) {
                report.add(PROXY_CONTROL, ProxyFindings.ask(proxy.lane()));
            }
        }
        String address = arguments.getString(THROUGH);
        if (address != null) {
            examinePath(address, arguments.getString(HEADERS), factory.getKeepAlive(), terminal);
        }
    }

    private void examinePath(String address, @Nullable String headers, Duration keepAlive, Terminal terminal)
            throws Exception {
        terminal.note("Reads " + address + " until its first keep-alive, for about " + keepAlive + ".");
        PathFindings.report(
                report,
                URI.create(address),
                headers == null ? List.of() : ClientHeaders.read(Path.of(headers)),
                keepAlive.toJavaDuration());
    }

    private void skipAll() {
        report.skip(SecretFindings.CHECKS);
        report.skip(ServerFindings.CHECKS);
        skipDatabase();
        report.skip(List.of(BUS));
    }

    private void skipDatabase() {
        report.skip(DATABASE);
        report.skip(DatabaseFindings.CONNECTED);
    }

    private void examineConfiguration(C configured, EventStreamFactory factory) {
        try {
            sources.startChecks().accept(factory);
            factory.publish().ifPresent(publish -> publish.check(factory.getLimits()));
            factory.buildStoredChannels();
            factory.getRetention().build();
            factory.buildSettings();
            report.passed(CONFIGURATION);
        } catch (IllegalArgumentException e) {
            refused(String.valueOf(e.getMessage()));
        }
        report.add(SecretFindings.CHECKS, SecretFindings.of(factory, clock));
        report.add(ServerFindings.CHECKS, ServerFindings.of(configured.getServerFactory(), factory));
        factory.grip()
                .ifPresent(grip -> report.add(ProxyFindings.CONFIGURED, ProxyFindings.of(grip, factory.getLimits())));
    }

    /** Adds a finding for each value with which the application does not start. The part after the last semicolon says what to change. */
    private void refused(String message) {
        List<String> problems =
                message.startsWith("eventStream.") ? message.lines().toList() : List.of(message);
        for (String lines : problems) {
            String problem = Terminal.oneLine(lines);
            int end = problem.lastIndexOf("; ");
            report.add(Finding.error(
                    CONFIGURATION,
                    end < 0 ? problem : problem.substring(0, end),
                    "the application does not start",
                    end < 0 ? "correct this value" : problem.substring(end + 2)));
        }
    }

    private void examineLog(Bootstrap<C> bootstrap, C configured, EventStreamFactory factory) throws Exception {
        if (sources.database() == null) {
            skipDatabase();
            return;
        }
        PooledDataSourceFactory database = sources.database().apply(configured);
        OptionalInt poolSize =
                database instanceof DataSourceFactory pool ? OptionalInt.of(pool.getMaxSize()) : OptionalInt.empty();
        report.add(DATABASE, DatabaseFindings.ofUrl(database.getUrl()));
        if (DatabaseFindings.isInMemory(database.getUrl())) { // of another process
            report.skip(DatabaseFindings.CONNECTED);
            report.skip(List.of(BUS));
            return;
        }
        Environment environment = CommandConfiguration.environment(bootstrap, configured);
        LogSource.Log log = sources.log()
                .apply(configured, environment)
                .log(environment, clock, factory.grip().isPresent());
        ContainerLifeCycle parts = new ContainerLifeCycle();
        environment.lifecycle().attach(parts);
        try {
            parts.start();
            examineDatabase(log, poolSize, factory);
            examineBus(environment, log, factory);
        } finally {
            parts.stop();
        }
    }

    private void examineDatabase(LogSource.Log log, OptionalInt poolSize, EventStreamFactory factory) {
        try {
            DatabaseFacts facts =
                    DatabaseFacts.read(log.database().connections().orElseThrow(), clock);
            report.add(DatabaseFindings.ofTables(log.store()));
            report.add(DatabaseFindings.CONNECTED, DatabaseFindings.of(facts, poolSize, factory));
        } catch (EventStoreException e) {
            report.add(DatabaseFindings.unreachable(e));
            report.skip(DatabaseFindings.CONNECTED);
        }
    }

    private void examineBus(Environment environment, LogSource.Log log, EventStreamFactory factory) {
        @Nullable Bus bus;
        try {
            bus = factory.getBus()
                    .build(new BusFactory.Setup(environment, log.database(), factory.getPollInterval()))
                    .orElse(null);
        } catch (IllegalArgumentException e) {
            refused(String.valueOf(e.getMessage()));
            return;
        }
        if (bus == null || (!bus.isFast() && report.hasErrorIn(LOG_CHECKS))) {
            report.skip(List.of(BUS)); // there is none, or it is in the database, which has a problem
        } else {
            connect(bus);
        }
    }

    private void connect(Bus bus) {
        try {
            Bus.Receiver receiver = bus.openReceiver();
            receiver.close();
            Bus.Publisher publisher = bus.openPublisher();
            publisher.close();
            report.passed(BUS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            report.add(Finding.error(
                    BUS,
                    "the bus (eventStream.bus) cannot be used: " + Terminal.oneLine(String.valueOf(e.getMessage())),
                    "nodes find each other's events only with their polls, and changed rights do not reach other nodes",
                    "check that its server runs and can be reached from here, and eventStream.bus"));
        }
    }
}
