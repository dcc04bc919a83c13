package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.testing.DropwizardTestSupport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes in an application's code or configuration, and the message that each one causes. Every test starts a real application. */
class BundleMistakesTest {
    private static final String SERVER = """
            server: {applicationConnectors: [{type: http, port: 0}], adminConnectors: [{type: http, port: 0}]}
            logging: {level: INFO}
            """;
    private static final String DATABASE =
            "database: {driverClass: org.h2.Driver, url: 'jdbc:h2:mem:%s'}\n".formatted(UUID.randomUUID());

    @TempDir
    private Path directory;

    private Path yaml = Path.of("");

    /** Initialises neither block, so that a block is null if the file omits it. */
    public static final class Settings extends Configuration {
        @JsonProperty
        private @Nullable DataSourceFactory database;

        @JsonProperty
        private @Nullable EventStreamFactory eventStream;
    }

    /** Adds the given bundles. */
    public static final class App extends Application<Settings> {
        private final List<EventStreamBundle<Settings>> bundles;

        App(List<EventStreamBundle<Settings>> bundles) {
            this.bundles = bundles;
        }

        @Override
        public void initialize(Bootstrap<Settings> bootstrap) {
            bundles.forEach(bootstrap::addBundle);
        }

        @Override
        public void run(Settings settings, Environment environment) {}
    }

    @BeforeEach
    void createFile() {
        yaml = directory.resolve("config.yml");
    }

    @SuppressWarnings("NullAway") // the mistake under test
    private static EventStreamBundle.Builder<Settings> bundle() {
        return EventStreamBundle.<Settings>builder()
                .configuration(settings -> settings.eventStream)
                .database(settings -> settings.database);
    }

    private static EventStreamBundle<Settings> complete() {
        return bundle().authorizer((reader, channel) -> true).build();
    }

    private void start(String configuration, List<EventStreamBundle<Settings>> bundles) throws Exception {
        Files.writeString(yaml, SERVER + configuration, StandardCharsets.UTF_8);
        DropwizardTestSupport<Settings> support = new DropwizardTestSupport<>(App.class, yaml.toString()) {
            @Override
            public Application<Settings> newApplication() {
                return new App(bundles);
            }
        };
        try {
            support.before();
        } finally {
            support.after();
        }
    }

    private void assertDoesNotStart(String configuration, List<EventStreamBundle<Settings>> bundles, String message) {
        assertThatThrownBy(() -> start(configuration, bundles)).hasMessage(message);
    }

    @Test
    void a_bundle_added_twice_is_refused() {
        EventStreamBundle<Settings> one = complete();

        assertDoesNotStart(
                DATABASE + "eventStream: {}",
                List.of(one, one),
                "this EventStreamBundle was added to the application twice; call bootstrap.addBundle(…) once");
    }

    @Test
    void two_bundles_in_one_application_are_refused() {
        assertDoesNotStart(
                DATABASE + "eventStream: {}",
                List.of(complete(), complete()),
                "the application has two EventStreamBundles; use one, with a route(…) for each address");
    }

    @Test
    void a_bundle_that_was_never_added_cannot_send() throws Exception {
        EventStreamBundle<Settings> forgotten = complete();
        start(DATABASE + "eventStream: {}", List.of());

        assertThatThrownBy(() -> forgotten.eventStream().send("a", "message", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "EventStreamBundle has not run. If Application.initialize calls bootstrap.addBundle(…) with it,"
                                + " this call is too early: send from Application.run, a resource or a Managed object");
    }

    @Test
    void a_missing_or_empty_event_stream_block_is_refused() {
        String message =
                "the function given to EventStreamBundle.builder().configuration(…) returned null: the eventStream"
                        + " block of config.yml is missing or empty. Write at least `eventStream: {}`, or initialise the field of"
                        + " your configuration class with new EventStreamFactory()";

        assertDoesNotStart(DATABASE, List.of(complete()), message);
        assertDoesNotStart(DATABASE + "eventStream:\n", List.of(complete()), message);
        assertDoesNotStart(DATABASE + "eventStream: null\n", List.of(complete()), message);
    }

    @Test
    void a_missing_database_block_is_refused() {
        assertDoesNotStart(
                "eventStream: {}",
                List.of(complete()),
                "the function given to EventStreamBundle.builder().database(…) returned null: the database block of"
                        + " config.yml is missing or empty, or the field of your configuration class is not initialised with"
                        + " new DataSourceFactory()");
    }

    @Test
    void a_missing_or_unknown_authorizer_is_refused() {
        assertDoesNotStart(
                DATABASE + "eventStream: {}",
                List.of(bundle().build()),
                "there is no ChannelAuthorizer, so nobody could read anything: set eventStream.authorizer to the name of a"
                        + " class, or give an instance to EventStreamBundle.builder().authorizer(…)");
        assertDoesNotStart(
                DATABASE + "eventStream: {authorizer: com.example.Missing}",
                List.of(bundle().build()),
                "eventStream.authorizer is \"com.example.Missing\": there is no such class on the class path; nested classes"
                        + " are written Outer$Inner");
    }

    @Test
    void an_event_stream_block_without_keys_is_enough() throws Exception {
        start(DATABASE + "eventStream: {}", List.of(complete()));

        assertThat(yaml).exists();
    }
}
