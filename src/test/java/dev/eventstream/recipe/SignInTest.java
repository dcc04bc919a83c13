package dev.eventstream.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.SmallService;
import dev.eventstream.TestStream;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sign-in of the manual, with its configuration. */
class SignInTest {
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COOKIE = Pattern.compile("session=([0-9a-f-]{36});");
    private static final Service SERVICE = new Service();
    private static final DropwizardTestSupport<ShopConfiguration> SERVER =
            new DropwizardTestSupport<>(Service.class, new ShopConfiguration()) {
                @Override
                public Application<ShopConfiguration> newApplication() {
                    return SERVICE;
                }
            };

    /** On free ports. */
    private static final class ShopConfiguration extends Configuration {
        ShopConfiguration() {
            setServerFactory(SmallService.onAnyPorts().getServerFactory());
        }
    }

    /** Users whose password is their name followed by a few words. */
    private static final class Users {
        boolean hasPassword(String name, String password) {
            return password.equals(name + "'s password");
        }
    }

    /** Wired as the manual says. */
    private static final class Service extends Application<ShopConfiguration> {
        private final Users users = new Users();

        private final EventStreamBundle<ShopConfiguration> events = EventStreamBundle.<ShopConfiguration>builder()
                .configuration(any -> eventStream())
                .store((any, environment) -> new MemoryEventStore(Clock.systemUTC()))
                .authorizer((reader, channel) -> reader.user().isPresent())
                .authFilter((configuration, environment) -> this.signIn.filter())
                .validUntil(user -> ((SignIn.User) user).expires())
                .build();

        private final SignIn signIn = new SignIn(users::hasPassword, events.eventStream());

        @Override
        public void run(ShopConfiguration configuration, Environment environment) {
            environment.jersey().register(signIn);
        }

        @Override
        public void initialize(Bootstrap<ShopConfiguration> bootstrap) {
            bootstrap.addBundle(events);
        }
    }

    private static String manual() throws IOException {
        return Files.readString(Path.of("docs/AUTHENTICATION.md"), UTF_8);
    }

    private static EventStreamFactory eventStream() {
        try {
            Matcher yaml = YAML.matcher(manual());
            assertThat(yaml.find()).isTrue();
            JsonNode read = Jackson.newObjectMapper(new YAMLFactory()).readTree(yaml.group(1));
            return Jackson.newObjectMapper().treeToValue(read.path("eventStream"), EventStreamFactory.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        SERVER.before();
    }

    @AfterAll
    static void stop() {
        SERVER.after();
    }

    private static Answer signIn(String name) throws IOException {
        String form = "name=" + name + "&password=" + name + "%27s+password";
        return RawHttp.post(
                SERVER.getLocalPort(),
                "/session",
                form.getBytes(UTF_8),
                "Content-Type: application/x-www-form-urlencoded");
    }

    private static String token(String name) throws IOException {
        Matcher cookie = COOKIE.matcher(signIn(name).header("Set-Cookie"));
        assertThat(cookie.find()).isTrue();
        return cookie.group(1);
    }

    private static TestStream stream(String... headers) {
        return TestStream.open(SERVER.getLocalPort(), "/events/me", headers);
    }

    private static void showsEventsOf(String user, TestStream stream) {
        try (stream) {
            stream.awaitOpen();
            SERVICE.events.eventStream().send("user-" + user, "message", "for " + user);
            stream.awaitMessages(1);
        }
    }

    @Test
    void a_page_reads_with_the_cookie_until_its_user_signs_out() throws Exception {
        String token = token("ann");
        showsEventsOf("ann", stream("Cookie", "session=" + token));

        try (TestStream open = stream("Cookie", "session=" + token).awaitOpen()) {
            Answer signedOut = RawHttp.ask(SERVER.getLocalPort(), "DELETE", "/session", "Cookie: session=" + token);
            assertThat(signedOut.status()).isEqualTo(204);
            assertThat(open.awaitEnd().text()).contains("\"disconnected\"", "You have signed out.");
        }
        Answer again = RawHttp.get(SERVER.getLocalPort(), "/events/me", "Cookie: session=" + token);
        assertThat(again.status()).isEqualTo(401);
    }

    @Test
    void the_cookie_is_hidden_from_scripts_and_other_sites() throws Exception {
        assertThat(signIn("bob").header("Set-Cookie"))
                .contains("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=28800");
    }

    @Test
    void a_client_reads_with_the_token() throws Exception {
        showsEventsOf("cid", stream("Authorization", "Bearer " + token("cid")));
    }

    @Test
    void a_program_reads_with_name_and_password() {
        String shown = Base64.getEncoder().encodeToString("dan:dan's password".getBytes(UTF_8));
        showsEventsOf("dan", stream("Authorization", "Basic " + shown));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cookie: session=x", "Authorization: Bearer x", "Authorization: Basic YW5uOng="})
    void wrong_credentials_get_401(String header) throws Exception {
        assertThat(RawHttp.get(SERVER.getLocalPort(), "/events/me", header).status())
                .isEqualTo(401);
    }

    @Test
    void a_reader_who_has_not_signed_in_is_refused() throws Exception {
        assertThat(RawHttp.get(SERVER.getLocalPort(), "/events/me").body()).contains("\"forbidden\"");
        Answer wrong = RawHttp.post(
                SERVER.getLocalPort(),
                "/session",
                "name=ann&password=x".getBytes(UTF_8),
                "Content-Type: application/x-www-form-urlencoded");
        assertThat(wrong.status()).isEqualTo(401);
    }

    @Test
    void the_manual_shows_this_program() throws Exception {
        String program = Files.readString(Path.of("src/test/java/dev/eventstream/recipe/SignIn.java"), UTF_8);

        assertThat(manual()).contains(program.substring(program.indexOf("import ")));
    }
}
