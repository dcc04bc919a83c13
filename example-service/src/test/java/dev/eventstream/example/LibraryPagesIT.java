package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The pages of the libraries show each message once and in order, whatever happens to their connections. */
@ParameterizedClass
@EnumSource(Browser.class)
@Timeout(300)
class LibraryPagesIT {
    private static final String SHOWN =
            "[...document.querySelectorAll('#messages .text')].map(text => text.textContent)";
    private static final String CHANGES = """
            window.changes = 0;
            new MutationObserver(records => records.forEach(({addedNodes, removedNodes}) => {
              window.changes += addedNodes.length + removedNodes.length;
            })).observe(document.getElementById('messages'), {childList: true});
            """;

    @Parameter
    Browser kind = Browser.CHROMIUM;

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
        browser = kind.start(profile);
    }

    @AfterEach
    void stop() {
        browser.quit();
        service.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_page_shows_each_message_once_through_cuts_kills_and_reloads(Library library) throws Exception {
        service.post("lobby", "carol", "0");
        try (CutLine line = new CutLine(port)) {
            browser.get(line.address("/with/" + library.label() + "/lobby?user=alice"));
            hasStatus("open");
            browser.executeScript(CHANGES);
            shows(1);
            service.post("lobby", "carol", "1");
            shows(2);
            for (int cut = 2; cut < 4; cut++) {
                line.cut();
                service.post("lobby", "carol", String.valueOf(cut));
                shows(cut + 1);
            }

            service.kill(); // the page gets 502 until it is back
            try (ServiceProcess other = ServiceProcess.start(directory, ServiceProcess.freePort())) {
                other.post("lobby", "carol", "4");
                hasStatus("connecting");
                service = ServiceProcess.start(directory, port);
                shows(5);
                other.post("lobby", "carol", "5");
                shows(6);
            }
            say("6");
            shows(7);
            awaitPage("changes", 6L); // an element that arrived twice and replaced the first would be two more changes

            browser.get(line.address("/with/" + library.label() + "/lobby?user=alice"));
            hasStatus("open");
            service.post("lobby", "carol", "7");
            shows(8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_users_write_remains_text(Library library) throws Exception {
        String text = "<img src=x onerror=alert(1)> {{stream}} </template> </p></li> \" ' & ç 中";
        browser.get(service.address("/with/" + library.label() + "/%3Cb%3E%7B%7Bmessages%7D%7D%20caf%C3%A9"));
        hasStatus("open");
        assertThat(browser.executeScript("return document.querySelector('h1 bdi').textContent"))
                .isEqualTo("<b>{{messages}} café");
        say(text + "\nsecond line");

        awaitPage(SHOWN, List.of(text + "\nsecond line"));
        browser.executeScript("location.reload()");
        awaitPage(SHOWN, List.of(text + "\nsecond line"));
        assertThat(browser.executeScript("return document.images.length")).isEqualTo(0L);
        Files.write(
                Path.of("target", library.label() + "-" + kind + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    private void say(String text) {
        browser.executeScript(
                "document.getElementById('text').value = arguments[0]; document.getElementById('say').requestSubmit()",
                text);
    }

    private void hasStatus(String status) {
        awaitPage("document.getElementById('status').dataset.status", status);
    }

    private void shows(int count) {
        awaitPage(SHOWN, IntStream.range(0, count).mapToObj(String::valueOf).toList());
    }

    private void awaitPage(String expression, Object expected) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(browser.executeScript("return " + expression))
                        .isEqualTo(expected));
    }
}
