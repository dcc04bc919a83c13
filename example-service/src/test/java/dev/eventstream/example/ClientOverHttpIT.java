package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.remote.RemoteWebDriver;

/** Tests the browser client on the browser's real EventSource, to confirm the assumptions of {@link ClientScriptIT}. */
@ParameterizedClass
@EnumSource(Browser.class)
@Timeout(120)
class ClientOverHttpIT {
    private static final String SCENE = """
            window.log = [];
            const stream = new EventStreamClient('/events?channel=a', {lastEventId: 'a=x-1'});
            for (const type of ['message', 'typing']) {
              stream.on(type, (data, info) => log.push(`${type} ${data} ${info.id}`));
            }
            stream.on('reset', channels => log.push(`reset ${channels}`));
            stream.on('error', error => log.push(`error ${error.condition}`));
            stream.on('status', status => log.push(`status ${status}`));
            """;

    @Parameter
    Browser kind = Browser.CHROMIUM;

    @TempDir
    Path profile;

    @Test
    void each_event_is_shown_once_despite_repeats_resets_ends_and_a_502() throws Exception {
        RemoteWebDriver browser = kind.start(profile);
        try (ScriptedServer server = new ScriptedServer()) {
            server.streams("""
                    retry: 100
                    id: a=x-1
                    event: stream-open
                    data: {"keepAlive":20}

                    id: a=x-2
                    event: message
                    data: two

                    event: typing
                    data: t

                    event: typing
                    data: t

                    id: a=x-2
                    event: message
                    data: two

                    id: a=x-3
                    event: error
                    data: an application's event, not a failure

                    id: a=x-4
                    event: keep-alive
                    data:

                    """).streams("""
                    retry: 100
                    id: a=x-4
                    event: stream-open
                    data: {"keepAlive":20}

                    id: a=x-2
                    event: message
                    data: two

                    id: a=x-5
                    event: message
                    data: five

                    """).fails(502).streams("""
                    id: a=y-7
                    event: stream-reset
                    data: {"channels":["a"]}

                    id: a=y-8
                    event: message
                    data: eight

                    id: error
                    event: stream-error
                    data: {"condition":"forbidden","text":"","channels":["a"]}

                    """);
            browser.get(server.address("/"));
            browser.executeScript(SCENE);

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(browser.executeScript("return log.join('\\n')"))
                            .isEqualTo("""
                                    status open
                                    message two a=x-2
                                    typing t a=x-2
                                    typing t a=x-2
                                    status connecting
                                    status open
                                    message five a=x-5
                                    status connecting
                                    reset a
                                    message eight a=y-8
                                    status closed
                                    error forbidden"""));
            assertThat(server.requests())
                    .containsExactly(
                            "channel=a&lastEventId=a%3Dx-1",
                            "channel=a&lastEventId=a%3Dx-1 a=x-4",
                            "channel=a&lastEventId=a%3Dx-1 a=x-5",
                            "channel=a&lastEventId=a%3Dx-5");
        } finally {
            browser.quit();
        }
    }

    @Test
    void an_event_of_three_megabytes_on_a_slow_connection_arrives_after_a_few_attempts() throws Exception {
        RemoteWebDriver browser = kind.start(profile);
        try (ScriptedServer server = new ScriptedServer()) {
            String stream = """
                    id: a=x-1
                    event: stream-open
                    data: {"keepAlive":1}

                    id: a=x-2
                    event: message
                    data: %s

                    id: error
                    event: stream-error
                    data: {"condition":"forbidden","text":"","channels":["a"]}

                    """.formatted("x".repeat(3_000_000));
            // takes six seconds; with a keep-alive of one second, the client waits two and a half
            for (int i = 0; i < 6; i++) {
                server.trickles(stream, 50_000);
            }
            browser.get(server.address("/"));
            browser.executeScript(SCENE.replace("${data}", "${data.length}"));

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(browser.executeScript("return log.join('\\n')"))
                            .asString()
                            .endsWith("message 3000000 a=x-2\nstatus closed\nerror forbidden"));
            assertThat(server.requests()).hasSize(3);
        } finally {
            browser.quit();
        }
    }
}
