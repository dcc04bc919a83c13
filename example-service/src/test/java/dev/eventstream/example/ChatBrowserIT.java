package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.remote.RemoteWebDriver;

/** Two people chat in two windows of a real browser while the service is killed. */
@Timeout(300)
class ChatBrowserIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The client retries after at most 5 s, and again after at most 10 s if that was too early. */
    private static final Duration AFTER_A_RESTART = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @TempDir
    Path profile;

    private RemoteWebDriver browser;
    private ServiceProcess service;
    private int port;

    @BeforeEach
    void start() {
        ServiceProcess.migrate(directory);
        port = ServiceProcess.freePort();
        service = ServiceProcess.start(directory, port);
        browser = Browser.CHROMIUM.start(profile);
    }

    @AfterEach
    void stop() {
        browser.quit();
        service.close();
    }

    @Test
    void messages_reach_the_other_window_once_even_if_the_service_is_killed() throws Exception {
        String alice = enter("alice");
        screenshot("chat-empty.png");
        String bob = enter("bob");
        say(alice, "Hello Bob, <b>are you there?</b>");
        shows(bob, SOON, "Hello Bob, <b>are you there?</b>");
        say(bob, "Here I am.");
        shows(alice, SOON, "Hello Bob, <b>are you there?</b>", "Here I am.");

        service.kill();
        hasStatus(alice, "connecting");
        hasStatus(bob, "connecting");
        screenshot("chat-reconnecting.png");
        try (ServiceProcess other = ServiceProcess.start(directory, ServiceProcess.freePort())) {
            other.post("caf%C3%A9%20%E2%98%95", "carol", "You+missed+this.");
            service = ServiceProcess.start(directory, port);
            for (String window : List.of(alice, bob)) {
                hasStatus(window, "open");
                shows(window, SOON, "Hello Bob, <b>are you there?</b>", "Here I am.", "You missed this.");
            }

            other.post("caf%C3%A9%20%E2%98%95", "carol", "And+this+comes+live.");
            for (String window : List.of(alice, bob)) {
                shows(
                        window,
                        SOON,
                        "Hello Bob, <b>are you there?</b>",
                        "Here I am.",
                        "You missed this.",
                        "And this comes live.");
            }
        }
        screenshot("chat.png");
        say(alice, "Nothing came twice.");
        shows(
                bob,
                SOON,
                "Hello Bob, <b>are you there?</b>",
                "Here I am.",
                "You missed this.",
                "And this comes live.",
                "Nothing came twice.");
    }

    @Test
    void every_acknowledged_message_survives_the_kill() throws Exception {
        for (int i = 1; i <= 20; i++) {
            service.post("lobby", "carol", String.valueOf(i));
        }
        service.kill();
        service = ServiceProcess.start(directory, port);

        browser.get(service.address("/chat/lobby?user=alice"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(texts())
                        .containsExactly(
                                "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
                                "17", "18", "19", "20"));
    }

    @Test
    void a_message_written_during_an_outage_is_sent_afterwards_once() throws Exception {
        String alice = enter("alice");
        String bob = enter("bob");
        say(alice, "Before");
        shows(bob, SOON, "Before");

        service.kill();
        hasStatus(alice, "connecting");
        write("Written during the outage");
        write("And another one");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(waiting()).containsExactly("Written during the outage", "And another one"));
        screenshot("chat-waiting.png");
        browser.navigate().refresh(); // waiting messages survive that, but the service is not there to answer
        service = ServiceProcess.start(directory, port);
        browser.get(service.address("/chat/caf%C3%A9%20%E2%98%95?user=alice"));

        shows(alice, AFTER_A_RESTART, "Before", "Written during the outage", "And another one");
        assertThat(waiting()).isEmpty();
        shows(bob, AFTER_A_RESTART, "Before", "Written during the outage", "And another one");
    }

    @Test
    void others_see_who_writes_and_a_name_has_one_colour() throws Exception {
        String alice = enter("alice");
        String bob = enter("bob");
        browser.findElement(By.id("text")).sendKeys("I am");
        browser.switchTo().window(alice);
        await().atMost(SOON).until(() -> text("typing").equals("bob is writing…"));
        await().atMost(SOON).until(() -> text("present").equals("2 readers"));
        browser.switchTo().window(bob);
        write(" here.");
        write("Really.");

        shows(alice, SOON, "I am here.", "Really.");
        await().atMost(SOON).until(() -> text("typing").isEmpty());
        say(alice, "Hello!");
        assertThat(browser.findElements(By.cssSelector("#messages .grouped .text")))
                .extracting(WebElement::getText)
                .containsExactly("Really.");
        assertThat(browser.executeScript(
                        "return [...document.querySelectorAll('.from')].map(from => getComputedStyle(from).color)"))
                .asInstanceOf(LIST)
                .satisfies(colours ->
                        assertThat(colours.get(0)).isEqualTo(colours.get(1)).isNotEqualTo(colours.get(2)));
    }

    @Test
    void a_reader_whose_permission_is_taken_away_sees_it_and_returns_once_it_is_back() throws Exception {
        browser.get(service.address("/private/rooms/staff")); // leads to the page for signing in
        signIn("bob");
        String bob = browser.getWindowHandle();
        hasStatus(bob, "open");
        // this machine's other name, with its own cookie
        browser.switchTo().newWindow(WindowType.WINDOW);
        browser.get("http://127.0.0.1:" + port + "/private?room=staff");
        signIn("alice");
        String alice = browser.getWindowHandle();
        hasStatus(alice, "open");
        say(alice, "Welcome, Bob.");
        shows(bob, SOON, "Welcome, Bob.");
        screenshot("private.png");

        permit(alice, "Take the permission away from bob");
        await().atMost(SOON).until(() -> text("changed").equals("bob has been disconnected from this room."));
        screenshot("private-administrator.png");
        say(alice, "Not for Bob, until later.");
        browser.switchTo().window(bob);
        await().atMost(SOON).until(() -> text("status").equals("no permission"));
        assertThat(text("why")).startsWith("An administrator has taken away your permission");
        assertThat(browser.findElement(By.id("text")).isEnabled()).isFalse();
        assertThat(texts()).containsExactly("Welcome, Bob.");
        screenshot("private-locked.png");

        permit(alice, "Give the permission to bob");
        hasStatus(bob, "open");
        shows(bob, SOON, "Welcome, Bob.", "Not for Bob, until later.");
        assertThat(browser.findElement(By.id("locked")).isDisplayed()).isFalse();
        say(bob, "I am back.");
        shows(alice, SOON, "Welcome, Bob.", "Not for Bob, until later.", "I am back.");
    }

    private void signIn(String user) {
        By button = By.cssSelector("[data-name=" + user + "]");
        await().atMost(SOON).until(() -> !browser.findElements(button).isEmpty());
        browser.findElement(button).click();
    }

    private void permit(String window, String label) {
        browser.switchTo().window(window);
        browser.executeScript("document.querySelector('#members details').open = true");
        By button = By.cssSelector("[aria-label='" + label + "']");
        await().atMost(SOON).until(() -> !browser.findElements(button).isEmpty());
        browser.findElement(button).click();
    }

    private void write(String text) {
        browser.findElement(By.id("text")).sendKeys(text, Keys.ENTER);
    }

    private List<String> waiting() {
        return browser.findElements(By.cssSelector("#waiting .text")).stream()
                .map(WebElement::getText)
                .toList();
    }

    private String text(String id) {
        return browser.findElement(By.id(id)).getText();
    }

    /** Opens a window and fills in the form. */
    private String enter(String user) {
        browser.switchTo().newWindow(WindowType.WINDOW);
        browser.get(service.address("/chat"));
        browser.findElement(By.id("user")).sendKeys(user);
        WebElement room = browser.findElement(By.id("room"));
        room.clear();
        room.sendKeys("café ☕");
        browser.findElement(By.id("room")).sendKeys(Keys.ENTER);
        String window = browser.getWindowHandle();
        hasStatus(window, "open");
        return window;
    }

    private void say(String window, String text) {
        browser.switchTo().window(window);
        browser.findElement(By.id("text")).sendKeys(text, Keys.ENTER);
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).endsWith(text));
    }

    private void shows(String window, Duration patience, String... texts) {
        browser.switchTo().window(window);
        await().atMost(patience).untilAsserted(() -> assertThat(texts()).containsExactly(texts));
    }

    private void hasStatus(String window, String status) {
        browser.switchTo().window(window);
        await().atMost(AFTER_A_RESTART)
                .untilAsserted(
                        () -> assertThat(browser.findElement(By.id("status")).getDomAttribute("data-status"))
                                .isEqualTo(status));
    }

    private List<String> texts() {
        return browser.findElements(By.cssSelector("#messages .text")).stream()
                .map(WebElement::getText)
                .toList();
    }

    private void screenshot(String name) throws IOException {
        Files.write(Path.of("target", name), browser.getScreenshotAs(OutputType.BYTES));
    }
}
