package dev.eventstream.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventstream.EventStream;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.event.Event;
import io.dropwizard.auth.PrincipalImpl;
import io.dropwizard.auth.basic.BasicCredentialAuthFilter;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kit with a whole application, which has users, a database without {@code DB_CLOSE_DELAY}, and sends before it has started. */
@ExtendWith(DropwizardExtensionsSupport.class)
@Timeout(60)
class ApplicationStreamsTest {
    static final DropwizardAppExtension<Settings> APP = new DropwizardAppExtension<>(Shop.class, new Settings());

    static final ApplicationStreams<Settings> STREAMS =
            ApplicationStreams.of(APP, settings -> settings.database, "dev/eventstream/migrations.xml");

    private static final String[] BOB = {"Authorization", basic("bob", "builder")};

    static final class Settings extends Configuration {
        private final DataSourceFactory database = new DataSourceFactory();

        Settings() {
            database.setDriverClass("org.h2.Driver");
            database.setUrl("jdbc:h2:mem:application-streams-test");
            database.setUser("sa");
        }
    }

    public static final class Shop extends Application<Settings> {
        private final EventStreamBundle<Settings> events = EventStreamBundle.<Settings>builder()
                .configuration(any -> new EventStreamFactory())
                .database(settings -> settings.database)
                .authorizer((reader, channel) -> !channel.value().startsWith("staff-") || reader.isUser("alice"))
                .authFilter((any, environment) -> new BasicCredentialAuthFilter.Builder<PrincipalImpl>()
                        .setAuthenticator(
                                credentials -> credentials.getPassword().equals("builder")
                                        ? Optional.of(new PrincipalImpl(credentials.getUsername()))
                                        : Optional.empty())
                        .setRealm("shop")
                        .buildAuthFilter())
                .build();

        private Optional<Jdbi> jdbi = Optional.empty();

        @Override
        public void initialize(Bootstrap<Settings> bootstrap) {
            bootstrap.addBundle(events);
        }

        @Override
        public void run(Settings settings, Environment environment) {
            jdbi = Optional.of(new JdbiFactory().build(environment, settings.database, "shop"));
            events.eventStream().send("boot", "started", 1);
        }
    }

    private static Shop shop() {
        return APP.getApplication();
    }

    private static EventStream events() {
        return shop().events.eventStream();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(UTF_8));
    }

    @Test
    void the_database_is_migrated_before_the_application_runs() {
        assertThat(STREAMS.sent("boot")).extracting(Event::data).containsExactly("1");
        assertThat(STREAMS.channels()).contains("boot");
    }

    @Test
    void a_reader_follows_the_transactions_of_the_application() {
        Jdbi jdbi = shop().jdbi.orElseThrow();
        try (TestReader reader = STREAMS.open("/events?channel=orders")) {
            jdbi.useTransaction(handle -> {
                events().in(handle).send("orders", "ordered", "lost");
                handle.rollback();
            });
            reader.cut();
            jdbi.useTransaction(handle -> events().in(handle).send("orders", "ordered", "tea"));

            assertThat(reader.resume().next().data()).isEqualTo("\"tea\"");
            reader.assertContiguous();
        }
        assertThat(STREAMS.sent("orders")).extracting(Event::data).containsExactly("\"tea\"");
    }

    @Test
    void readers_sign_in_as_the_application_requires() {
        STREAMS.open("/events?channel=staff-room", "Authorization", basic("alice", "builder"))
                .close();
        assertThat(STREAMS.refusal("/events?channel=staff-room", BOB)).isEqualTo("forbidden");
        assertThat(STREAMS.refusal("/events?channel=staff-room")).isEqualTo("forbidden");
        assertThat(STREAMS.refusal("/events?channel=x", "Authorization", basic("bob", "wrong")))
                .isEqualTo("status 401");
    }

    @Test
    void only_with_the_log_can_a_reader_tell_a_hidden_event_from_a_lost_one() {
        try (TestReader known = STREAMS.open("/events?channel=skips", BOB);
                TestReader unknown = TestReader.open(STREAMS.uri("/events?channel=skips"), BOB)) {
            events().send("skips", "number", 1);
            events().send(events().newEvent("skips", "number", 2).skippingUser("bob"));
            events().send("skips", "number", 3);
            for (TestReader reader : List.of(known, unknown)) {
                assertThat(reader.await(2)).extracting(ReceivedEvent::data).containsExactly("1", "3");
            }

            known.assertContiguous();
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(unknown::assertContiguous)
                    .withMessageContaining("is not contiguous");
        }
    }

    @Test
    void an_application_that_does_not_run_has_no_log() {
        DropwizardAppExtension<Settings> stopped = new DropwizardAppExtension<>(Shop.class, new Settings());

        assertThatIllegalStateException()
                .isThrownBy(() -> ApplicationStreams.of(stopped, settings -> settings.database)
                        .sent("orders"))
                .withMessageContaining("not running");
    }
}
