package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;

/** The inspector in Chromium, at the addresses of the example's streams. */
@ExtendWith(DropwizardExtensionsSupport.class)
@Timeout(300)
class InspectorIT extends ChromiumSuite {
    private static final DropwizardAppExtension<ExampleConfiguration> APP =
            ExampleInProcess.with(ConfigOverride.config("eventStream.keepAlive", "5s"));
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String EVENTS =
            "return [...document.querySelectorAll('#entries li.event:not([hidden]) summary')].map(it => it.textContent)";

    private static void open(String path) {
        browser.get("http://localhost:" + APP.getLocalPort() + path);
    }

    private static void openLive(String path) {
        open(path);
        hasStatus("live");
        await().atMost(PATIENCE).until(() -> count("#entries [data-type=stream-open]") == 1);
    }

    private static void post(String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + APP.getLocalPort() + "/events"))
                .header("Authorization", "Bearer " + ServiceProcess.TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(201);
    }

    private static void post(String channel, int... numbers) throws IOException, InterruptedException {
        post(IntStream.of(numbers)
                .mapToObj(number -> "{\"channel\":\"" + channel + "\",\"data\":" + number + "}")
                .collect(Collectors.joining(",", "[", "]")));
    }

    private static void hasEvents(String... data) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.executeScript(EVENTS)).isEqualTo(List.of(data)));
    }

    private static void hasStatus(String label) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text("status")).isEqualTo(label));
    }

    private static void reports(String part) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text("report")).contains(part));
    }

    private static int count(String selector) {
        return browser.findElements(By.cssSelector(selector)).size();
    }

    private static void click(String selector) {
        browser.findElement(By.cssSelector(selector)).click();
    }

    private static void type(String id, String text) {
        browser.findElement(By.id(id)).clear();
        browser.findElement(By.id(id)).sendKeys(text);
    }

    /** Opens a panel, unless it is open. */
    private static void unfold(String idOfPart) {
        browser.executeScript("document.getElementById(arguments[0]).closest('details').open = true", idOfPart);
    }

    private static void unfoldFirstEvent() {
        click("#entries li.event summary");
        await().atMost(PATIENCE).until(() -> count("#entries li.event pre") == 1);
    }

    private static void screenshot(String name) throws IOException {
        Files.write(Path.of("target", name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    @Test
    void events_are_shown_as_text_whatever_they_contain() throws Exception {
        openLive("/events?channel=shown");
        post("""
                {"channel":"shown","type":"<b>bold</b>","data":
                 {"html":"<img src=x onerror='window.attacked=1'><script>window.attacked=1</script>","number":12345678901234567890}}""");
        String data = "{\"html\":\"<img src=x onerror='window.attacked=1'><script>window.attacked=1</script>\","
                + "\"number\":12345678901234567890}";
        hasEvents(data);
        unfoldFirstEvent();

        assertThat(browser.findElement(By.cssSelector("#entries li.event pre")).getText())
                .isEqualTo(data.replace("{\"", "{\n  \"")
                        .replace("\",\"", "\",\n  \"")
                        .replace("\":", "\": ")
                        .replace("}", "\n}"));
        assertThat(browser.findElement(By.cssSelector("#entries li.event .type"))
                        .getText())
                .isEqualTo("<b>bold</b>");
        assertThat(browser.findElement(By.cssSelector("#entries li.event .size"))
                        .getText())
                .isEqualTo(data.length() + " bytes");
        assertThat(browser.findElement(By.cssSelector("#entries li.event .id")).getText())
                .matches("shown [a-z0-9]+-1");
        assertThat(browser.findElement(By.cssSelector("#entries li.event .latency"))
                        .getText())
                .isEmpty();
        assertThat(count("#entries :is(b, img, script)")).isZero();
        assertThat(browser.executeScript("return window.attacked")).isNull();

        click("#drawer summary");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(text("wire"))
                        .contains(
                                "> GET /events?channel=shown\n> 200\n\n", "event: <b>bold</b>\ndata: " + data + "\n"));
        screenshot("inspector");
    }

    @Test
    void long_data_is_shown_when_somebody_asks_for_it() throws Exception {
        openLive("/events?channel=long");
        post("{\"channel\":\"long\",\"text\":\"" + "x".repeat(50_000) + "\"}");
        await().atMost(PATIENCE).until(() -> count("#entries li.event") == 1);
        unfoldFirstEvent();

        assertThat(browser.findElement(By.cssSelector("#entries pre")).getText())
                .hasSize(2000);
        assertThat(browser.findElement(By.cssSelector("#entries pre + button")).getText())
                .isEqualTo("Show all 50,000 characters");
        click("#entries pre + button");
        assertThat(browser.findElement(By.cssSelector("#entries pre")).getText())
                .hasSize(50_000);
    }

    @Test
    void only_the_newest_rows_are_kept_and_the_others_are_counted() throws Exception {
        openLive("/events?channel=many");
        post("many", IntStream.rangeClosed(1, 1000).toArray());

        // three rows are not events: the opened connection, stream-open, and the keep-alive that there may be
        await().atMost(PATIENCE).until(() -> text("count-events").equals("1000"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(text("shown")).matches("500 of 500 shown · 50[2-9] dropped"));
        assertThat(browser.executeScript(EVENTS))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isEqualTo(IntStream.rangeClosed(501, 1000)
                        .mapToObj(String::valueOf)
                        .toList());
    }

    @Test
    void the_list_can_be_filtered_and_paused_while_the_stream_is_read() throws Exception {
        openLive("/events?channel=read");
        // an id contains no dot, and the filter looks at ids, too
        post("""
                [{"channel":"read","data":1},{"channel":"read","data":2.2},{"channel":"read","data":3},{"channel":"read","data":2.4}]""");
        hasEvents("1", "2.2", "3", "2.4");

        type("filter", "2.");
        hasEvents("2.2", "2.4");
        type("filter", "READ=");
        hasEvents("1", "2.2", "3", "2.4");

        click("#pause");
        post("read", 5);
        await().atMost(PATIENCE).until(() -> text("shown").matches(".* · [1-3] waiting"));
        hasEvents("1", "2.2", "3", "2.4");
        click("#pause");
        hasEvents("1", "2.2", "3", "2.4", "5");
        click("#clear");
        hasEvents();
    }

    @Test
    void a_stream_that_was_cut_resumes_and_any_position_can_be_opened_and_compared() throws Exception {
        openLive("/events?channel=resumed");
        post("resumed", 1, 2);
        hasEvents("1", "2");

        click("#cut");
        hasStatus("cut");
        post("resumed", 3, 4);
        click("#cut");
        hasStatus("live");
        hasEvents("1", "2", "3", "4");
        await().atMost(PATIENCE).until(() -> text("count-connections").equals("2"));

        unfoldFirstEvent();
        click("#entries li.event .position button:nth-of-type(2)");
        await().atMost(PATIENCE).until(() -> count("#differences tr") == 1);
        assertThat(browser.findElement(By.cssSelector("#differences td:last-child"))
                        .getText())
                .isEqualTo("3 events later");
        type("one", "resumed");
        click("#comparison button");
        assertThat(text("comparison-problem"))
                .isEqualTo("“resumed” is not a position; one looks like orders=k3f9x2-41.");

        click("#entries li.event .position button:nth-of-type(1)");
        hasEvents("1", "2", "3", "4", "2", "3", "4");
        screenshot("inspector-resumed");
    }

    @Test
    void keep_alives_are_shown_and_counted_and_can_be_hidden() {
        openLive("/events?channel=quiet");
        await().atMost(PATIENCE).until(() -> count("#entries [data-type=keep-alive]:not([hidden])") > 0);
        await().atMost(PATIENCE).until(() -> Integer.parseInt(text("count-keep-alives")) > 0);

        click("#keep-alives");
        assertThat(count("#entries [data-type=keep-alive]:not([hidden])")).isZero();
        assertThat(count("#entries [data-type=stream-open]:not([hidden])")).isOne();
    }

    @Test
    void a_position_that_is_gone_shows_a_reset() {
        open("/events?channel=gone&lastEventId=gone%3Dzzz-41");
        reports("Events are gone");
        await().atMost(PATIENCE).until(() -> text("count-resets").equals("1"));

        assertThat(browser.findElement(By.cssSelector("#entries [data-type=stream-reset] summary"))
                        .getText())
                .isEqualTo("{\"channels\":[\"gone\"]}");
        assertThat(browser.findElement(By.id("start")).getDomProperty("value")).isEqualTo("gone=zzz-41");
    }

    @Test
    void a_refusal_is_explained_and_other_credentials_open_the_stream() throws Exception {
        open("/events?channel=private-alice");
        hasStatus("closed");
        reports("(forbidden): You may not read these channels. Channels: private-alice.");
        screenshot("inspector-refused");

        unfold("kind");
        click("#kind option[value=basic]");
        type("user", "alice");
        type("password", "wrong");
        click("#credentials button");
        reports("The service does not accept these credentials (401)");
        type("password", "wonderland");
        click("#credentials button");
        hasStatus("live");
    }

    @Test
    void an_event_can_be_sent_with_a_token_that_stays_in_the_page_and_shows_how_long_it_took() throws Exception {
        openLive("/events?channel=sent");
        unfold("send");
        assertThat(browser.findElement(By.id("send-button")).isEnabled()).isFalse();
        type("send-token", "some-other-token-of-nobody");
        type("send-type", "greeting");
        type("send-data", "{\"hello\": 1.10");
        click("#send-button");
        await().atMost(PATIENCE).until(() -> text("send-result").startsWith("The data is not JSON."));
        browser.findElement(By.id("send-data")).sendKeys("}");
        click("#send-button");
        await().atMost(PATIENCE).until(() -> text("send-result").startsWith("The token is not valid here (401)"));

        type("send-token", ServiceProcess.TOKEN);
        click("#send-button");
        await().atMost(PATIENCE).until(() -> text("send-result").matches("Sent as [a-z0-9]+-1\\."));
        hasEvents("{\"hello\":1.10}");
        await().atMost(PATIENCE)
                .until(() -> browser.findElement(By.cssSelector("#entries li.event .latency"))
                        .getText()
                        .matches("took \\d+ ms"));
        screenshot("inspector-sent");

        assertThat(
                        browser.executeScript(
                                "return [location.href, document.cookie, localStorage.length, sessionStorage.length].join(' ')"))
                .isEqualTo("http://localhost:" + APP.getLocalPort() + "/events?channel=sent  0 0");
    }

    @Test
    void events_of_a_channel_that_is_not_stored_have_no_position() {
        openLive("/events?channel=time");
        await().atMost(PATIENCE).until(() -> count("#entries li.event") >= 2);

        assertThat(browser.findElement(By.cssSelector("#entries li.event .id")).getText())
                .as("the channel is not stored")
                .isEmpty();
    }
}
