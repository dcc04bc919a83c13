package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.io.Resources;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.memory.MemoryEventStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The two readers of other projects that the bundle serves, in Chromium, as the manual shows them. */
@Timeout(180)
class OtherReadersIT {
    @TempDir
    Path profile;

    private final EventStore store = newStore();
    private final TokenServer server = new TokenServer(store);
    private final List<Object> expected = new ArrayList<>();
    private RemoteWebDriver browser;

    private static EventStore newStore() {
        return new MemoryEventStore(Clock.systemUTC());
    }

    @BeforeEach
    void start() throws Exception {
        server.start();
        browser = Browser.CHROMIUM.start(profile);
    }

    @AfterEach
    void stop() {
        browser.quit();
        server.stop();
    }

    private void send(String channel, long number) {
        server.events().send(channel, "ordered", number);
        expected.add(number);
    }

    private void awaitPage() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(browser.executeScript("return log")).isEqualTo(expected));
    }

    @Test
    void reconnecting_eventsource_resumes_after_restarts_reports_a_lost_log_and_stops_at_the_end() throws Exception {
        browser.get(server.address("/client/reconnecting-eventsource.html"));
        await().atMost(Duration.ofSeconds(30)).until(() -> server.openStreams() == 1);
        for (int i = 0; i < 3; i++) {
            server.restart(store);
            send("orders", i);
        }
        awaitPage();

        server.restart(newStore());
        expected.add("reset orders");
        awaitPage();
        send("orders", 3);
        finish("orders");
    }

    /** It stops for good at 503, the answer of a service that is stopping. So this test cuts its connections instead. */
    @Test
    void event_source_polyfill_resumes_after_cuts_and_stops_at_the_end() throws Exception {
        try (CutLine line = new CutLine(server.port())) {
            browser.get(line.address("/client/event-source-polyfill.html"));
            await().atMost(Duration.ofSeconds(30)).until(() -> server.openStreams() == 1);
            for (int i = 0; i < 3; i++) {
                line.cut();
                send("private-orders", i);
                awaitPage();
            }
            finish("private-orders");
        }
    }

    private void finish(String channel) {
        server.events().finish(channel);
        awaitPage();
        await().atMost(Duration.ofSeconds(30)).until(() -> server.openStreams() == 0);
        assertThat(browser.executeScript("return source.readyState")).isEqualTo(2L);
    }

    @ParameterizedTest
    @CsvSource({"reconnecting-eventsource", "event-source-polyfill"})
    void the_manual_shows_this_page(String reader) throws Exception {
        String page = Resources.toString(Resources.getResource("client/" + reader + ".html"), StandardCharsets.UTF_8);
        String shown = page.substring(page.indexOf("<script src=\"/eventstream"), page.indexOf("</head>"))
                .indent(-2);

        assertThat(Files.readString(Path.of("../docs/BROWSER.md"), StandardCharsets.UTF_8))
                .contains(shown);
    }
}
