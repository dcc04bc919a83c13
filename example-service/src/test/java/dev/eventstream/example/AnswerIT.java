package dev.eventstream.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.remote.RemoteWebDriver;

/** An answer has all its words, although its page is reloaded and the service is killed in the middle, and so has that of a second viewer. */
@Timeout(300)
class AnswerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @TempDir
    Path profile;

    private final int port = ServiceProcess.freePort();
    private ServiceProcess service;
    private RemoteWebDriver browser;

    @BeforeEach
    void start() {
        ServiceProcess.migrate(directory);
        service = ServiceProcess.start(directory, port);
        browser = Browser.CHROMIUM.start(profile);
    }

    @AfterEach
    void stop() {
        browser.quit();
        service.close();
    }

    @Test
    void no_word_is_lost_by_a_reload_or_a_kill_and_a_second_viewer_sees_the_same() throws Exception {
        browser.get(service.address("/answers"));
        browser.findElement(By.cssSelector("[value=slow]")).click();
        browser.findElement(By.cssSelector("form button")).click();
        hasWords(10);
        browser.findElement(By.id("reload")).click();
        hasWords(20);

        service.kill();
        service = ServiceProcess.start(directory, port);
        String address = requireNonNull(browser.getCurrentUrl());
        String first = browser.getWindowHandle();
        browser.switchTo().newWindow(WindowType.WINDOW);
        browser.get(address);
        isComplete();
        browser.switchTo().window(first);
        isComplete();
    }

    private void hasWords(int count) {
        await().atMost(PATIENCE)
                .until(() -> browser.executeScript("return document.getElementById('progress').value")
                                instanceof Number words
                        && words.intValue() >= count);
    }

    private void isComplete() {
        await().atMost(PATIENCE).until(() -> text("status").equals("complete"));
        assertThat(text("report"))
                .isEqualTo("Complete: %d words, none missing and none twice."
                        .formatted(Question.SLOW.words().size()));
        assertThat(text("answer")).isEqualTo(String.join("", Question.SLOW.words()));
    }

    private String text(String id) {
        return Browser.text(browser, id);
    }
}
