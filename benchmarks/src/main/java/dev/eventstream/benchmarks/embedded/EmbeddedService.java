package dev.eventstream.benchmarks.embedded;

import dev.eventstream.EventStream;
import dev.eventstream.benchmarks.database.LogDatabase;
import io.dropwizard.core.setup.Environment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.server.Server;
import org.jdbi.v3.core.Jdbi;

/**
 * An application with the bundle, started in this JVM as {@code server config.yml} does, with the bundle's defaults.
 *
 * <p>Thread-safe, except {@link #close}.
 */
public final class EmbeddedService implements AutoCloseable {
    /** Connections of the application's pool and of the bundle's. */
    public static final int CONNECTIONS = 32;

    private final EmbeddedApplication application;
    private final Server server;
    private final Environment environment;

    private EmbeddedService(EmbeddedApplication application) {
        this.application = application;
        this.server = application.server();
        this.environment = application.environment();
    }

    /**
     * Starts it.
     *
     * @param directory for its configuration
     * @param url of the database; not always {@link LogDatabase#url()}
     * @param settings of the {@code eventStream} block, in one line of YAML
     */
    public static EmbeddedService start(Path directory, LogDatabase database, String url, Map<String, String> settings)
            throws Exception {
        Path file = directory.resolve("config.yml");
        Files.writeString(file, yaml(database, url, settings), StandardCharsets.UTF_8);
        EmbeddedApplication application = new EmbeddedApplication();
        application.run("server", file.toString());
        return new EmbeddedService(application);
    }

    private static String yaml(LogDatabase database, String url, Map<String, String> settings) throws Exception {
        StringBuilder block = new StringBuilder();
        settings.forEach((key, value) ->
                block.append("  ").append(key).append(": ").append(value).append('\n'));
        return """
                server:
                  applicationConnectors: [{type: http, port: 0, bindHost: 127.0.0.1}]
                  adminConnectors: [{type: http, port: 0, bindHost: 127.0.0.1}]
                  requestLog: {appenders: []}
                logging: {level: WARN}
                database:
                  driverClass: %s
                  url: "%s"
                  user: %s
                  password: ""
                  maxSize: %d
                  logValidationErrors: true
                eventStream:
                  routes: [{path: /events}]
                """.formatted(database.driver(), url, database.user(), CONNECTIONS) + block;
    }

    public EventStream eventStream() {
        return application.eventStream();
    }

    /** The application's own connections, which are not those of the bundle. */
    public Jdbi jdbi() {
        return application.jdbi();
    }

    /** How often a meter has been marked. */
    public long count(String meter) {
        return environment.metrics().meter(meter).getCount();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the application does not stop", e);
        }
    }
}
