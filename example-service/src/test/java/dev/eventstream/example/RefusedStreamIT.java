package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.util.Duration;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.remote.RemoteWebDriver;

/** What browsers do when a full node refuses a stream. */
@ExtendWith(DropwizardExtensionsSupport.class)
@ParameterizedClass
@EnumSource(Browser.class)
@Timeout(120)
class RefusedStreamIT {
    /** A service without a database. */
    public static final class Service extends Application<Service.Settings> {
        /** Its configuration. */
        public static final class Settings extends Configuration {
            @JsonProperty
            private EventStreamFactory eventStream = new EventStreamFactory();
        }

        @Override
        public void initialize(Bootstrap<Settings> bootstrap) {
            bootstrap.addBundle(EventStreamBundle.<Settings>builder()
                    .configuration(settings -> settings.eventStream)
                    .store((settings, environment) -> new MemoryEventStore(Clock.systemUTC()))
                    .authorizer((reader, channel) -> true)
                    .build());
        }

        @Override
        public void run(Settings settings, Environment environment) {}
    }

    private static final DropwizardAppExtension<Service.Settings> SERVICE =
            new DropwizardAppExtension<>(Service.class, settings());

    /** Room for one stream, and short times. */
    private static Service.Settings settings() {
        Service.Settings settings = new Service.Settings();
        settings.eventStream.setClientScript("/eventstream.js");
        settings.eventStream.getLimits().setStreams(1);
        settings.eventStream.getRetry().setMin(Duration.milliseconds(100));
        settings.eventStream.getRetry().setMax(Duration.milliseconds(200));
        DefaultServerFactory server = (DefaultServerFactory) settings.getServerFactory();
        ((HttpConnectorFactory) server.getApplicationConnectors().get(0)).setPort(0);
        ((HttpConnectorFactory) server.getAdminConnectors().get(0)).setPort(0);
        return settings;
    }

    private static final String PLAIN = """
        window.log = [];
        const source = new EventSource('/events?channel=a');
        source.addEventListener('error', () => log.push('state ' + source.readyState));
        source.addEventListener('stream-error', event => log.push(JSON.parse(event.data).condition));
        source.addEventListener('stream-open', () => log.push('open'));
        """;

    private static final String BUNDLED = """
        window.log = [];
        const stream = new EventStreamClient('/events?channel=a');
        stream.on('status', status => log.push(status));
        stream.on('error', error => log.push(error.condition));
        """;

    @Parameter
    Browser kind = Browser.CHROMIUM;

    @TempDir
    Path profile;

    private static String address(String path) {
        return "http://localhost:" + SERVICE.getLocalPort() + path;
    }

    private static InputStream occupy() throws Exception {
        return URI.create(address("/events?channel=other")).toURL().openStream();
    }

    private static void awaitLog(RemoteWebDriver browser, String expression, Object expected) {
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(browser.executeScript("return " + expression))
                        .isEqualTo(expected));
    }

    @Test
    void a_plain_event_source_returns_until_there_is_room() throws Exception {
        RemoteWebDriver browser = kind.start(profile);
        try {
            try (InputStream other = occupy()) {
                browser.get(address("/eventstream.js"));
                browser.executeScript(PLAIN);
                awaitLog(browser, "log.slice(0, 6).join()", "busy,state 0,busy,state 0,busy,state 0");
                assertThat(other.available()).isNotNegative();
            }
            awaitLog(browser, "log.at(-1)", "open");
        } finally {
            browser.quit();
        }
    }

    @Test
    void the_browser_client_waits_and_returns() throws Exception {
        RemoteWebDriver browser = kind.start(profile);
        try {
            try (InputStream other = occupy()) {
                browser.get(address("/eventstream.js"));
                browser.executeScript(BUNDLED.replace("EventStreamClient", "(" + script() + ").EventStreamClient"));
                awaitLog(browser, "log.join()", "waiting,busy");
                assertThat(other.available()).isNotNegative();
            }
            awaitLog(browser, "log.at(-1)", "open");
        } finally {
            browser.quit();
        }
    }

    /** An expression that loads the client into a page that has none. */
    private static String script() {
        return "(() => { const request = new XMLHttpRequest(); request.open('GET', '/eventstream.js', false);"
                + " request.send(); window.eval(request.responseText); return window; })()";
    }

    @Test
    void an_answer_503_ends_a_plain_event_source_for_good() throws Exception {
        RemoteWebDriver browser = kind.start(profile);
        try (ScriptedServer server = new ScriptedServer()) {
            browser.get(server.address("/"));
            browser.executeScript(PLAIN);
            awaitLog(browser, "log.join()", "state 2");
            assertThat(server.requests()).hasSize(1);
        } finally {
            browser.quit();
        }
    }
}
