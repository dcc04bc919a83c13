package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eventstream.RawHttp;
import dev.eventstream.RawStream;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.event.NewEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator sees of a node. */
class AdminPagesTest {
    private static final String HOSTILE = "<script>alert('x')</script>\u202E&\"";

    @RegisterExtension
    static final TestServer SERVER =
            TestServer.withMore("clientAddress: {trustedProxies: [127.0.0.0/8, '::1']}", "eventStream.stallTimeout=1m");

    private final AdminPort admin = new AdminPort(SERVER);

    private static TestStream open(String channel, String user, String address) {
        return SERVER.stream(
                        "/events?" + AdminPort.encoded("channel", channel),
                        "Authorization",
                        TestServer.basic(user),
                        "X-Forwarded-For",
                        address)
                .awaitOpen();
    }

    // ---- every page

    @ParameterizedTest
    @ValueSource(strings = {"", "overview", "streams", "channels", "why", "actions"})
    void every_page_is_complete_without_scripts_or_anything_from_elsewhere(String page) throws Exception {
        RawHttp.Answer answer = admin.get(page);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
                        + " frame-ancestors 'none'");
        assertThat(answer.body())
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .endsWith("</html>\n")
                .contains("<h1>", "aria-current=\"page\"")
                .doesNotContain("<script", "style=", "http://", "https://", "onclick");
    }

    @Test
    void the_style_is_served_by_the_node() throws Exception {
        RawHttp.Answer answer = admin.get("style.css");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/css;charset=utf-8");
        assertThat(answer.body()).contains("prefers-color-scheme: dark").doesNotContain("url(", "@import");
    }

    @Test
    void the_address_without_a_slash_leads_to_the_first_page() throws Exception {
        RawHttp.Answer answer = RawHttp.get(SERVER.adminPort(), "/eventstream");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).endsWith("eventstream/");
    }

    @ParameterizedTest
    @CsvSource({"application/json, true", "'text/html,application/json', false", "*/*, false"})
    void a_page_is_json_if_the_client_prefers_that(String accept, boolean isJson) throws Exception {
        assertThat(admin.get("streams", "Accept: " + accept).header("Content-Type"))
                .isEqualTo(isJson ? "application/json;charset=utf-8" : "text/html;charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | 404 | There is no such page.",
                "nothing.json | 404 | There is no such page.",
                "overview?a=b | 400 | there is no parameter &quot;a&quot;",
                "streams?chanel=a | 400 | there is no parameter &quot;chanel&quot;; allowed are address, channel, sort, user",
                "streams?sort=a&sort=b | 400 | sort is given 2 times",
                "streams?sort=name | 400 | sort is &quot;name&quot;; allowed are age, pending",
                "channels?sort=%3Cb%3E | 400 | sort is &quot;&lt;b&gt;&quot;; allowed are rate, size, age, readers",
                "streams?channel=%00 | 400 | has a control character",
            })
    void a_wrong_request_is_explained(String target, int status, String message) throws Exception {
        RawHttp.Answer answer = admin.get(target);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).contains(message == null ? "" : message).doesNotContain("\tat ", "Exception");
    }

    @Test
    void a_parameter_that_is_too_long_is_refused() throws Exception {
        RawHttp.Answer answer = admin.get("streams?user=" + "x".repeat(4_001));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("user has 4001 characters; allowed are up to 4000");
    }

    @Test
    void pages_can_only_be_read() throws Exception {
        assertThat(RawHttp.post(SERVER.adminPort(), "/eventstream/streams", new byte[0])
                        .status())
                .isEqualTo(405);
        assertThat(RawHttp.ask(SERVER.adminPort(), "DELETE", "/eventstream/streams")
                        .status())
                .isEqualTo(405);
    }

    // ---- the overview

    @Test
    void the_overview_shows_nodes_bus_budgets_and_log() throws Exception {
        await().untilAsserted(() -> assertThat(
                        admin.json("overview").get("nodes").get("total").asInt())
                .isEqualTo(1));
        try (TestStream held = open("overview", "ann", "203.0.113.1")) {
            assertThat(held.hasEnded()).isFalse();
            JsonNode overview = admin.json("overview");

            assertThat(overview.get("troubles").get("rows")).isEmpty();
            assertThat(overview.get("nodes").get("rows").get(0).get("version").asText())
                    .isNotEmpty();
            assertThat(overview.get("bus").get("trouble").isNull()).isTrue();
            assertThat(overview.get("bus").get("lagSeconds").asDouble()).isBetween(0.0, 10.0);
            JsonNode streams = AdminPort.row(overview.get("budgets"), "direct streams");
            assertThat(streams.get("used").asInt()).isPositive();
            assertThat(streams.get("limit").asInt()).isEqualTo(10_000);
            JsonNode memory = AdminPort.row(overview.get("budgets"), "memory (bytes)");
            assertThat(memory.get("limit").asLong()).isPositive();
            assertThat(memory.get("usedShare").asDouble()).isBetween(0.0, 1.0);
            assertThat(overview.get("log").get("retentionBehindSeconds").asDouble())
                    .isZero();
            assertThat(overview.get("outbox").get("lagSeconds").isNull()).isTrue();
            assertThat(overview.get("lanes").get("rows")).isEmpty();
        }
    }

    // ---- streams

    @Test
    void streams_are_listed_with_reader_address_channels_and_state() throws Exception {
        try (TestStream held = open("listed", "ann", "203.0.113.2");
                TestStream other = SERVER.stream("/typed/listed?type=a&type=b").awaitOpen()) {
            assertThat(held.hasEnded()).isFalse();
            await().untilAsserted(() -> assertThat(AdminPort.column(
                            admin.json("streams", "channel", "listed").get("streams"), "state"))
                    .containsExactly("live", "live"));
            JsonNode page = admin.json("streams", "channel", "listed");
            assertThat(AdminPort.column(page.get("streams"), "user")).containsExactlyInAnyOrder("ann", "null");
            assertThat(AdminPort.column(page.get("streams"), "address"))
                    .containsExactlyInAnyOrder("203.0.113.2", "unknown");

            JsonNode ann = admin.json("streams", "user", "ann", "channel", "listed")
                    .get("streams")
                    .get("rows")
                    .get(0);
            assertThat(ann.get("channels").get(0).asText()).isEqualTo("listed");
            assertThat(ann.get("types").isNull()).isTrue();
            assertThat(ann.get("ageSeconds").asDouble()).isBetween(0.0, 60.0);
            assertThat(ann.get("pendingBytes").asInt()).isZero();
            assertThat(admin.json("streams", "address", "203.0.113.2")
                            .get("streams")
                            .get("total")
                            .asInt())
                    .isEqualTo(1);
            assertThat(admin.json("streams", "user", "ANN")
                            .get("streams")
                            .get("total")
                            .asInt())
                    .isZero();
            assertThat(other.hasEnded()).isFalse();
        }
    }

    @Test
    void streams_are_counted_by_channel_user_and_address() throws Exception {
        try (TestStream one = open("counted", "bob", "203.0.113.3");
                TestStream two = open("counted", "bob", "203.0.113.4");
                TestStream three = open("counted", "eve", "203.0.113.4")) {
            JsonNode page = admin.json("streams", "channel", "counted");

            assertThat(AdminPort.row(page.get("byChannel"), "counted")
                            .get("streams")
                            .asInt())
                    .isEqualTo(3);
            assertThat(AdminPort.column(page.get("byUser"), "user")).containsExactly("bob", "eve");
            assertThat(AdminPort.column(page.get("byUser"), "streams")).containsExactly("2", "1");
            assertThat(AdminPort.row(page.get("byAddress"), "203.0.113.4")
                            .get("streams")
                            .asInt())
                    .isEqualTo(2);
            assertThat(List.of(one, two, three)).noneMatch(TestStream::hasEnded);
        }
    }

    @Test
    void a_client_that_does_not_read_is_shown_with_what_is_pending() throws Exception {
        try (RawStream deaf = new RawStream(SERVER.port(), "/events?channel=deaf");
                TestStream held = open("deaf", "reads", "203.0.113.5")) {
            assertThat(held.hasEnded()).isFalse();
            deaf.readUntil("stream-open");
            SERVER.events().sendAll(Collections.nCopies(200, NewEvent.text("deaf", "message", "x".repeat(20_000))));

            await().untilAsserted(() -> {
                JsonNode first = admin.json("streams", "channel", "deaf", "sort", "pending")
                        .get("streams")
                        .get("rows")
                        .get(0);
                assertThat(first.get("state").asText()).isEqualTo("slow client");
                assertThat(first.get("pendingBytes").asInt()).isGreaterThan(100_000);
                assertThat(first.get("user").isNull()).isTrue();
            });
        }
    }

    @Test
    void no_more_than_a_limited_number_of_streams_is_shown() throws Exception {
        List<TestStream> many = new ArrayList<>();
        try {
            for (int i = 0; i < StreamsPage.MAX_ROWS + 3; i++) {
                many.add(SERVER.stream("/events?channel=many"));
            }
            many.forEach(TestStream::awaitOpen);

            JsonNode table = admin.json("streams", "channel", "many").get("streams");
            assertThat(table.get("rows")).hasSize(StreamsPage.MAX_ROWS);
            assertThat(table.get("total").asInt()).isEqualTo(StreamsPage.MAX_ROWS + 3);
            assertThat(table.get("leftOut").asInt()).isEqualTo(3);
            assertThat(admin.get("streams?channel=many").body()).contains("Shown are 200 of 203.");
        } finally {
            many.forEach(TestStream::close);
        }
    }

    @Test
    void names_that_clients_choose_are_escaped() throws Exception {
        SERVER.events().send(HOSTILE, "message", 1);
        try (TestStream held = open(HOSTILE, "<b>bob</b>", "203.0.113.6")) {
            assertThat(held.hasEnded()).isFalse();
            String query = AdminPort.encoded("channel", HOSTILE);
            String escaped = "<bdi>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\u202E&amp;&quot;</bdi>";

            assertThat(admin.get("streams?" + query).body())
                    .contains(escaped, "<bdi>&lt;b&gt;bob&lt;/b&gt;</bdi>")
                    .contains("value=\"&lt;script&gt;alert(&#39;x&#39;)")
                    .doesNotContain("<script", "<b>bob");
            assertThat(admin.get("channels").body()).contains(escaped).doesNotContain("<script");
            assertThat(AdminPort.column(
                            admin.json("streams", "channel", HOSTILE).get("byChannel"), "channel"))
                    .containsExactly(HOSTILE);
            assertThat(admin.get("why?event=" + AdminPort.encoded("x", HOSTILE).substring(2))
                            .body())
                    .doesNotContain("<script");
        }
    }

    // ---- channels

    @Test
    void channels_are_listed_with_rate_size_age_and_readers() throws Exception {
        SERVER.events().sendAll(Collections.nCopies(50, NewEvent.text("busy", "message", "1")));
        SERVER.events().send("calm", "message", 1);
        try (TestStream held = open("busy", "ann", "203.0.113.7");
                TestStream empty = open("only-read", "ann", "203.0.113.7")) {
            assertThat(held.hasEnded()).isFalse();
            JsonNode busy = AdminPort.row(admin.json("channels").get("channels"), "busy");
            assertThat(busy.get("eventsPerSecond").asDouble()).isEqualTo(5.0);
            assertThat(busy.get("events").asInt()).isEqualTo(50);
            assertThat(busy.get("oldestSeconds").asDouble()).isBetween(0.0, 10.0);
            assertThat(busy.get("readers").asInt()).isEqualTo(1);

            JsonNode bySize = admin.json("channels", "sort", "size").get("channels");
            assertThat(AdminPort.column(bySize, "channel").indexOf("busy"))
                    .isLessThan(AdminPort.column(bySize, "channel").indexOf("calm"));
            JsonNode read =
                    AdminPort.row(admin.json("channels", "sort", "readers").get("channels"), "only-read");
            assertThat(read.get("events").isNull()).isTrue();
            assertThat(read.get("readers").asInt()).isEqualTo(1);
            assertThat(empty.hasEnded()).isFalse();
        }
    }

    @Test
    void no_page_shows_the_data_of_events_or_secrets() throws Exception {
        SERVER.events().send(NewEvent.text("private", "message", "data-that-nobody-else-may-see"));
        String id = SERVER.events().currentEventId("private");
        for (String page : List.of("overview", "streams", "channels", "why?event=" + id, "actions")) {
            assertThat(admin.get(page).body())
                    .doesNotContain("data-that-nobody", "a-token-for-the-tests", "token-of-the-tests", "a2a99f46");
        }
    }
}
