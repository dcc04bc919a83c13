package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The page that counts numbers loses none, whatever its buttons do: with the service that {@code ./run} starts, kills and starts again. */
@Timeout(300)
class ProveIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SHOWN =
            "return [...document.querySelectorAll('#numbers li')].map(item => Number(item.textContent.replace('↩ ', '')))";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @TempDir
    Path profile;

    private final int port = ServiceProcess.freePort();
    private Process run;
    private RemoteWebDriver browser;

    @BeforeEach
    void start() throws Exception {
        run = new ProcessBuilder(
                        "../run",
                        "--port",
                        Integer.toString(port),
                        "--admin-port",
                        Integer.toString(ServiceProcess.freePort()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("run.log").toFile())
                .start();
        browser = Browser.CHROMIUM.start(profile);
        await().atMost(PATIENCE).until(() -> printed().contains("  Open http://localhost:" + port + "/ "));
    }

    @AfterEach
    void stop() throws Exception {
        browser.quit();
        run.destroy();
        assertThat(run.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }

    private String printed() throws IOException {
        return Files.readString(directory.resolve("run.log"), StandardCharsets.UTF_8);
    }

    @Test
    void no_number_is_lost_by_a_cut_a_slow_line_or_a_killed_service() throws Exception {
        browser.get("http://localhost:" + port + "/prove");
        await().atMost(PATIENCE).until(() -> number("received") >= 5);

        browser.findElement(By.cssSelector("#drawer summary")).click();
        await().atMost(PATIENCE).until(() -> !text("wire").isEmpty());
        assertThat(text("wire"))
                .contains("> GET /events?channel=numbers\n> 200\n\n")
                .containsPattern("id: numbers=\\w+-\\d+\nevent: number\ndata: \\{\"number\":\\d+,");

        click("cut");
        await().atMost(PATIENCE).until(() -> number("away") >= 1.2);
        click("cut");
        hasReport("You are back after");
        assertThat(text("report")).endsWith("None is lost.");
        assertThat(browser.findElements(By.cssSelector("#numbers .recovered"))).hasSizeGreaterThan(3);

        Files.write(Path.of("target", "prove.png"), browser.getScreenshotAs(OutputType.BYTES));

        click("slow");
        await().atMost(PATIENCE).until(() -> number("behind") >= 1);
        click("slow");
        await().atMost(PATIENCE).until(() -> number("behind") < 0.5);

        click("restart");
        await().atMost(PATIENCE).until(() -> text("status").equals("connecting…"));
        double before = number("received");
        await().atMost(PATIENCE).until(() -> number("received") > before + 5);
        assertThat(printed()).containsOnlyOnce("./run: the service was killed");

        assertThat(List.of(number("lost"), number("repeated"), number("disordered")))
                .containsOnly(0.0);
        assertThat(browser.executeScript(SHOWN))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isNotEmpty()
                .satisfies(shown -> {
                    long first = (Long) shown.get(0);
                    for (int i = 0; i < shown.size(); i++) {
                        assertThat(shown.get(i)).isEqualTo(first + i);
                    }
                });
    }

    private void click(String id) {
        browser.findElement(By.id(id)).click();
    }

    private void hasReport(String beginning) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text("report")).startsWith(beginning));
    }

    private double number(String id) {
        return Double.parseDouble(text(id).replace(" s", ""));
    }

    private String text(String id) {
        return Browser.text(browser, id);
    }
}
