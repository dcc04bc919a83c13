package dev.eventstream;

import static java.util.Objects.requireNonNull;

import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.jdbi.JdbiEventStore;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs {@link TestService} on a free port and a private database, started and migrated as a user would do it. */
public final class TestServer implements ServedStreams, BeforeAllCallback, AfterAllCallback {
    private static final Path YAML = Path.of("src/test/resources/test-service.yml");

    private final String url;
    private final Path configuration;
    private final DropwizardTestSupport<TestService.Settings> support;

    /** With overrides of configuration values, such as {@code eventStream.limits.streams=3}. */
    public TestServer(String... overrides) {
        this(memory(), List.of(overrides));
    }

    private TestServer(String url, List<String> overrides) {
        this(url, "", overrides);
    }

    private TestServer(String url, String more, List<String> overrides) {
        this.url = url;
        this.configuration = write(url, more);
        List<ConfigOverride> all = new ArrayList<>();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            all.add(ConfigOverride.config(override.substring(0, equals), override.substring(equals + 1)));
        }
        this.support = new DropwizardTestSupport<>(
                TestService.class, configuration.toString(), all.toArray(ConfigOverride[]::new));
    }

    private static Path write(String url, String more) {
        try {
            Path file = Files.createTempFile("test-service", ".yml");
            file.toFile().deleteOnExit();
            String yaml = Files.readString(YAML, StandardCharsets.UTF_8);
            return Files.writeString(file, yaml.replace("jdbc:h2:mem:overridden", url) + more, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With additional lines in the eventStream block of its configuration. */
    public static TestServer withMore(String lines, String... overrides) {
        return new TestServer(memory(), lines.indent(2), List.of(overrides));
    }

    /** On the given database, with additional lines in the eventStream block. */
    public static TestServer onDatabase(String url, String lines, String... overrides) {
        return new TestServer(url, lines.indent(2), List.of(overrides));
    }

    private static String memory() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    }

    /** On a database file, which keeps its data between servers. */
    public static TestServer on(Path database, String... overrides) {
        return new TestServer("jdbc:h2:" + database.toAbsolutePath() + ";WRITE_DELAY=0", List.of(overrides));
    }

    /** On a database that does not exist. */
    public static TestServer withoutDatabase(String... overrides) {
        return new TestServer("jdbc:h2:tcp://localhost:1/gone", List.of(overrides));
    }

    public void start() throws Exception {
        new TestService().run("db", "migrate", configuration.toString());
        support.before();
    }

    public void stop() {
        support.after();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stop();
    }

    public TestService service() {
        return support.getApplication();
    }

    public EventStream events() {
        return service().eventStream();
    }

    public int port() {
        return support.getLocalPort();
    }

    public int adminPort() {
        return support.getAdminPort();
    }

    public DropwizardTestSupport<TestService.Settings> support() {
        return support;
    }

    @Override
    public TestServer server() {
        return this;
    }

    @Override
    public TestStream stream(String path, String... headers) {
        return TestStream.open(port(), path, headers);
    }

    public int openStreams() {
        return gauged("eventstream.streams.open");
    }

    /** The value of a gauge that counts. */
    public int gauged(String name) {
        return (Integer)
                requireNonNull(support.getEnvironment().metrics().getGauges().get(name))
                        .getValue();
    }

    public long metered(String name) {
        return support.getEnvironment().metrics().meter(name).getCount();
    }

    public long counted(String name) {
        return support.getEnvironment().metrics().counter(name).getCount();
    }

    /** The application's own access to the database. */
    public Jdbi jdbi() {
        return Jdbi.create(url);
    }

    /** Its configuration file, without the overrides. */
    public Path configuration() {
        return configuration;
    }

    /** Another node. It shares only the database. */
    public Node otherNode() {
        return new Node(new JdbiEventStore(Jdbi.create(url), Clock.systemUTC(), false));
    }

    /** A node that writes outbox rows and dies before it announces anything. */
    public Node dyingNode() {
        return new Node(new JdbiEventStore(Jdbi.create(url), Clock.systemUTC(), true));
    }

    /** Stores events without announcing them. */
    public record Node(EventStore store) implements AutoCloseable {
        public void send(String channel, String type, String text) {
            store.append(List.of(NewEvent.text(channel, type, text)));
        }

        @Override
        public void close() {}
    }

    /** An Authorization header. */
    public static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":right").getBytes(StandardCharsets.UTF_8));
    }
}
