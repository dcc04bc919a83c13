package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
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
