package dev.eventstream.example;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.remote.RemoteWebDriver;

/** Tests that share one Chromium. */
abstract class ChromiumSuite {
    @TempDir
    private static Path profile;

    static RemoteWebDriver browser;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.CHROMIUM.start(profile);
    }

    @AfterAll
    static void quitBrowser() {
        browser.quit();
    }

    /** The text of an element of the page, even if it cannot be seen. */
    static String text(String id) {
        return Browser.text(browser, id);
    }
}
