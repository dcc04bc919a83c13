package dev.eventstream.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * Every page of the example can be used by everybody: axe-core finds no barrier, on a wide light screen and on a dark phone, where nothing
 * is wider than the screen. Screenshots are in {@code target}.
 */
@ExtendWith(DropwizardExtensionsSupport.class)
@Timeout(300)
class AccessibilityIT {
    /** As {@code ./run} starts it, so that every button is shown: this is node 1 of 2, and the other one is down. */
    private static final DropwizardAppExtension<ExampleConfiguration> APP = ExampleInProcess.with(
            ConfigOverride.config("supervision.directory", temporaryDirectory()),
            ConfigOverride.config("supervision.node", "1"),
            ConfigOverride.config("supervision.nodes", "2"),
            ConfigOverride.config("supervision.proxied", "true"));

    private static final Path AXE = Path.of("target/npm/node_modules/axe-core/axe.min.js");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String READY = """
            const status = document.getElementById('status');
            return document.readyState === 'complete' && (!status || status.dataset.status === 'open' || document.querySelector('#locked:not([hidden])'))
              && !document.querySelector('#numbers:empty, #answer:empty, #shares .value:empty, #machine .value:empty, #map:not([hidden]) #nodes:empty');
            """;
    private static final String RUN = """
            const done = arguments[arguments.length - 1];
            axe.run().then(({violations}) => done(violations.flatMap(({id, nodes}) =>
              nodes.map(({target, failureSummary}) => `${id} at ${target}: ${failureSummary}`))), failure => done([String(failure)]));
            """;

    @TempDir
    static Path profile;

    private static ChromeDriver browser;
    private static String axe;

    private static String temporaryDirectory() {
        try {
            return Files.createTempDirectory("nodes").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        axe = Files.readString(AXE, StandardCharsets.UTF_8);
        browser = (ChromeDriver) Browser.CHROMIUM.start(profile);
    }

    @AfterAll
    static void stop() {
        browser.quit();
    }

    @ParameterizedTest
    @CsvSource({
        "start,    /",
        "rooms,    /chat",
        "chat,     /chat/lobby?user=alice",
        "private,  /private",
        "htmx,     /with/htmx/lobby",
        "turbo,    /with/turbo/lobby",
        "prove,    /prove",
        "prices,   /prices",
        "ask,      /answers",
        "unknown,  /answers/x",
        "inspector, /events?channel=time",
    })
    void a_page_has_no_barriers(String name, String path) throws Exception {
        post("/rooms/lobby/messages", "from=bob&text=Hello+" + name);
        post("/rooms/lobby/messages", "from=alice&text=Hello+Bob");

        check(name, path);
    }

    @Test
    void an_answer_has_no_barriers() throws Exception {
        browser.get(address("/answers"));
        browser.findElement(By.cssSelector("form button")).click();

        check("answer", new URI(browser.getCurrentUrl()).getPath());
    }

    @Test
    void the_inspector_has_no_barriers_with_all_its_panels_open() throws Exception {
        post("/rooms/lobby/messages", "from=bob&text=Hello");
        show("light", 1440, 900);
        browser.get(address("/events?channel=time&channel=room-lobby"));
        await().atMost(PATIENCE)
                .until(() -> !browser.findElements(By.cssSelector("#entries li.event"))
                        .isEmpty());
        browser.findElement(By.id("pause")).click();
        browser.executeScript("document.querySelectorAll('details').forEach(it => { it.open = true; })");
        browser.findElement(By.cssSelector("#comparison button")).click();
        browser.findElement(By.cssSelector("#kind option[value=basic]")).click();
        browser.findElement(By.id("send-token")).sendKeys("a-token");
        assertNoBarriers("inspector-open-light");
        show("dark", 390, 780);
        assertNoBarriers("inspector-open-dark-phone");
        assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
                .isEqualTo(390L);
    }

    @Test
    void a_private_room_has_no_barriers_even_for_a_reader_who_is_locked_out() throws Exception {
        browser.get(address("/private"));
        browser.findElement(By.cssSelector("[data-name=alice]")).click();
        awaitShown("rooms");
        assertNoBarriers("private-rooms");
        check("private-room", "/private/rooms/staff");
        browser.executeScript("document.querySelector('#members details').open = true");
        assertNoBarriers("private-members");

        browser.get(address("/private"));
        awaitShown("out");
        browser.findElement(By.id("out")).click();
        awaitShown("in");
        browser.findElement(By.cssSelector("[data-name=bob]")).click();
        awaitShown("rooms");
        browser.get(address("/private/rooms/closed"));
        awaitShown("locked");
        assertNoBarriers("private-locked");
    }

    // signing in and out reloads the page: until then, the element may be missing, or belong to the previous page
    private static void awaitShown(String id) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> browser.findElement(By.id(id)).isDisplayed());
    }

    private static void check(String name, String path) throws IOException {
        show("light", 1000, 760);
        browser.get(address(path));
        assertNoBarriers(name + "-light");
        show("dark", 390, 780);
        assertNoBarriers(name + "-dark-phone");
        assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
                .isEqualTo(390L);
    }

    private static void show(String scheme, int width, int height) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                // a colour that changes has no contrast to measure
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    private static void assertNoBarriers(String name) throws IOException {
        await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(browser.executeScript(READY)));
        browser.executeScript(axe);
        Object violations = requireNonNull(browser.executeAsyncScript(RUN));
        Files.write(Path.of("target", name + ".png"), browser.getScreenshotAs(OutputType.BYTES));

        assertThat(violations).as(name).isEqualTo(List.of());
    }

    private static String address(String path) {
        return "http://localhost:" + APP.getLocalPort() + path;
    }

    private static void post(String path, String form) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address(path)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }
}
