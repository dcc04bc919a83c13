package dev.eventstream.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.memory.MemoryEventStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The browser client against the real bundle, with what goes wrong between them. */
@ParameterizedClass
@EnumSource(Browser.class)
@Timeout(180)
class ClientWithServiceIT {
    private static final String OPEN = """
            window.log = [];
            window.statuses = [];
            window.stream = new EventStreamClient(URL, OPTIONS);
            stream.on('message', data => log.push(data));
            stream.on('status', status => statuses.push(status));
            stream.on('reset', channels => log.push(`reset ${channels}`));
            stream.on('error', error => statuses.push(`${error.condition} ${error.status}`));
            """;

    @Parameter
    Browser kind = Browser.CHROMIUM;

    @TempDir
    Path profile;

    private final EventStore store = new MemoryEventStore(Clock.systemUTC());
    private final TokenServer server = new TokenServer(store);
    private RemoteWebDriver browser;

    @BeforeEach
    void start() throws Exception {
        server.start();
        browser = kind.start(profile);
        browser.get(server.address("/"));
    }

    @AfterEach
    void stop() {
        browser.quit();
        server.stop();
    }

    private void open(String url, String options) {
        browser.executeScript(OPEN.replace("URL", url).replace("OPTIONS", options));
        awaitPage("stream.status", "open");
    }

    private void awaitPage(String expression, @Nullable Object expected) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(browser.executeScript("return " + expression))
                        .isEqualTo(expected));
    }

    private long number(String expression) {
        return (Long) requireNonNull(browser.executeScript("return " + expression));
    }

    private static List<Long> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Long::valueOf).toList();
    }

    @Test
    void a_token_is_renewed_before_it_expires_and_no_event_is_lost() {
        open("'/events?channel=private-a'", """
                {token: async () => {
                  window.tokens = (window.tokens ?? 0) + 1;
                  const expiresAt = Date.now() + 2000;
                  return {token: String(expiresAt), expiresAt};
                }}""");
        for (int i = 0; i < 100; i++) {
            server.events().send("private-a", "message", i);
            int next = i;
            await().pollInterval(Duration.ofMillis(20))
                    .until(() -> browser.executeScript("return log.length") instanceof Long seen && seen > next - 5);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> number("tokens") >= 4);

        awaitPage("log", numbers(100));
        assertThat(browser.executeScript("return statuses")).isEqualTo(List.of("open"));
    }

    @Test
    void a_refused_token_is_replaced_at_once() {
        open("'/events?channel=private-a'", """
                {token: async () => String(Date.now() + 60_000 * (window.tokens = (window.tokens ?? -2) + 1))}""");

        awaitPage("tokens", 1L);
        assertThat(browser.executeScript("return statuses")).isEqualTo(List.of("unauthorized 401", "open"));
    }

    @Test
    void thirty_channels_with_chinese_names_resume() {
        List<String> channels =
                IntStream.range(0, 30).mapToObj(i -> "日本語の通知経路" + i).toList();
        String query = channels.stream().map(name -> "channel=" + name).collect(Collectors.joining("&"));
        open("'/events?" + query + "'", "{}");
        channels.forEach(name -> server.events().send(name, "message", name));
        awaitPage("log", channels);

        browser.executeScript("dispatchEvent(new Event('pagehide'))");
        channels.forEach(name -> server.events().send(name, "message", name));
        browser.executeScript("log.length = 0; dispatchEvent(new Event('pageshow'))");
        await().atMost(Duration.ofSeconds(60)).until(() -> number("log.length") >= 30);
        assertThat((List<?>) browser.executeScript("return log.sort()"))
                .isEqualTo(channels.stream().sorted().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{transport: 'fetch'}"})
    void an_event_of_ten_megabytes_arrives(String options) {
        open("'/events?channel=large'", options);
        server.events().send("large", "message", "x".repeat(10_000_000));
        server.events().send("large", "message", "after");

        awaitPage("log.map(text => text.length)", List.of(10_000_000L, 5L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{transport: 'fetch'}"})
    void a_page_that_was_offline_gets_what_it_missed(String options) throws Exception {
        open("'/events?channel=a'", options);
        server.events().send("a", "message", 0);
        awaitPage("log", numbers(1));

        kind.network(browser, true);
        server.restart(store);
        awaitPage("stream.status", "connecting");
        IntStream.range(1, 10).forEach(i -> server.events().send("a", "message", i));
        kind.network(browser, false);
        awaitPage("log", numbers(10));
    }

    @Test
    void the_state_of_the_page_follows_the_service_through_restarts_that_lose_its_log() throws Exception {
        open("'/events?channel=sum'", "{state: async () => (await fetch('/state')).json()}");
        browser.executeScript("""
                stream.on('state', sum => { window.sum = sum; });
                stream.on('added', number => { window.sum += number; });
                return fetch('/state').then(response => response.json()).then(({state}) => { window.sum = state; });
                """);
        Random random = new Random(1);
        for (int restart = 0; restart < 2; restart++) {
            IntStream.range(0, 50).forEach(i -> server.service().add(random.nextInt(100)));
            awaitPage("sum", TokenService.sum());
            server.restart(new MemoryEventStore(Clock.systemUTC()));
            IntStream.range(0, 50).forEach(i -> server.service().add(random.nextInt(100)));
        }
        awaitPage("sum", TokenService.sum());
        assertThat(browser.executeScript("return stream.stats.lost")).isNotEqualTo(0L);
    }

    @Test
    void seven_tabs_share_one_connection_even_after_the_leading_tab_closes_or_crashes() {
        List<String> tabs = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            if (i > 0) {
                browser.switchTo().newWindow(WindowType.TAB);
                browser.get(server.address("/"));
            }
            tabs.add(browser.getWindowHandle());
            open("'/events?channel=a'", "{share: shareTabs('all')}");
        }
        server.events().send("a", "message", 0);
        server.events().send("a", "message", 1);
        awaitTabs(tabs, numbers(2));
        assertThat(server.openStreams()).isEqualTo(1);

        browser.switchTo().window(tabs.remove(0));
        server.events().send("a", "message", 2);
        browser.close();
        server.events().send("a", "message", 3);
        awaitTabs(tabs, numbers(4));
        // the tab that takes over may have to begin again at the position of another one
        await().atMost(Duration.ofSeconds(30)).until(() -> server.goneClients() >= 1 && server.openStreams() == 1);
        long gone = server.goneClients();

        browser.switchTo().window(tabs.remove(0));
        server.events().send("a", "message", 4);
        kind.crash(browser);
        server.events().send("a", "message", 5);
        awaitTabs(tabs, numbers(6));
        await().atMost(Duration.ofSeconds(30)).until(() -> server.goneClients() > gone && server.openStreams() == 1);

        server.events().send("a", "message", 6);
        awaitTabs(tabs, numbers(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{transport: 'fetch'}"})
    void a_computer_that_slept_gets_what_it_missed(String options) throws Exception {
        open("'/events?channel=a'", options);
        server.events().send("a", "message", 0);
        awaitPage("log", numbers(1));

        Browser.signal(profile, "STOP");
        try {
            IntStream.range(1, 10).forEach(i -> server.events().send("a", "message", i));
            server.restart(store);
            IntStream.range(10, 20).forEach(i -> server.events().send("a", "message", i));
        } finally {
            Browser.signal(profile, "CONT");
        }
        awaitPage("log", numbers(20));
    }

    @Test
    void htmx_shows_each_event_once_through_restarts_and_repeats_nothing() throws Exception {
        browser.get(server.address("/htmx"));
        await().atMost(Duration.ofSeconds(30)).until(() -> server.openStreams() == 1);
        String items = "[...document.querySelectorAll('#news li')].map(item => item.textContent)";
        for (int i = 0; i < 4; i++) {
            String text = "Headline " + i;
            server.events().send(NewEvent.text("news", "headline", "<li>" + text + "</li>"));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat((List<?>) browser.executeScript("return " + items))
                            .asString()
                            .contains(text));
            server.restart(store);
        }
        server.events().send(NewEvent.text("news", "added", "1"));

        awaitPage("document.querySelector('#sum').textContent.includes('lastEventId')", true);
        assertThat(browser.executeScript("return " + items))
                .isEqualTo(List.of("Headline 0", "Headline 1", "Headline 2", "Headline 3"));
        assertThat(server.openStreams()).isEqualTo(1);
    }

    private void awaitTabs(List<String> tabs, List<Long> expected) {
        for (String tab : tabs) {
            browser.switchTo().window(tab);
            awaitPage("log", expected);
        }
    }
}
