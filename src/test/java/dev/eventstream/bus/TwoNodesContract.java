package dev.eventstream.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.stream.WireReader.WireEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What users notice of a bus: two nodes with the same database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TwoNodesContract {
    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final String bus;
    private final TestServer one;
    private final TestServer two;

    /**
     * @param bus lines of the eventStream block
     */
    TwoNodesContract(String bus) {
        this.bus = bus;
        this.one = TestServer.onDatabase(url, bus + "\nadminActions: true");
        this.two = TestServer.onDatabase(url, bus);
    }

    @BeforeAll
    void start() throws Exception {
        one.start();
        two.start();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(health(one)).startsWith("nodes: 2");
            assertThat(health(two)).startsWith("nodes: 2");
        });
    }

    @AfterAll
    void stop() {
        one.stop();
        two.stop();
    }

    TestServer one() {
        return one;
    }

    TestServer two() {
        return two;
    }

    static String health(TestServer node) {
        HealthCheck.Result result =
                node.support().getEnvironment().healthChecks().runHealthCheck("eventstream-bus");
        assertThat(result.isHealthy()).as("%s", result).isTrue();
        return result.getMessage();
    }

    @Test
    void a_node_with_another_configuration_is_named_in_health_and_on_the_admin_port() throws Exception {
        TestServer third = TestServer.onDatabase(url, bus + "\nretention: {age: 2h}");
        third.start();
        try {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(health(one)).contains("; nodes with a different eventStream.retention: 1");
                assertThat(health(third)).contains("; nodes with a different eventStream.retention: 2");
            });
            RawHttp.Answer page = RawHttp.get(one.adminPort(), "/eventstream/nodes");
            assertThat(page.header("Content-Type")).isEqualTo("text/plain;charset=utf-8");
            List<String> rows = page.body().lines().toList();
            assertThat(rows.get(0)).startsWith("name ").endsWith(" differs in");
            assertThat(rows.subList(1, rows.size()))
                    .hasSize(3)
                    .satisfiesOnlyOnce(row -> assertThat(row).endsWith(" ms  (this node)"))
                    .satisfiesOnlyOnce(row -> assertThat(row).endsWith(" ms  eventStream.retention"))
                    .satisfiesOnlyOnce(row -> assertThat(row).endsWith(" ms"));
        } finally {
            third.stop();
        }
    }

    @Test
    void an_epoch_that_an_operator_renews_on_one_node_resets_readers_of_the_other() throws Exception {
        try (TestStream stream = two.stream("/events?channel=renewed").awaitOpen()) {
            Event before = one.events().send("renewed", "message", 1);
            stream.awaitMessages(1);
            RawHttp.Answer answer = RawHttp.post(
                    one.adminPort(),
                    "/eventstream/actions",
                    "action=renew-epoch&channel=renewed&confirm=yes".getBytes(StandardCharsets.US_ASCII),
                    "Content-Type: application/x-www-form-urlencoded");
            assertThat(answer.body()).contains("instead of " + before.id().epoch());

            stream.awaitEvent("stream-reset");
            Event after = two.events().send("renewed", "message", 2);
            stream.awaitMessages(2);
            assertThat(stream.lastEventId()).isEqualTo("renewed=" + after.id());
        }
    }

    @Test
    void an_event_reaches_readers_of_the_other_node() {
        try (TestStream stream = two.stream("/events?channel=orders").awaitOpen()) {
            one.events().send("orders", "message", "hello");
            stream.awaitMessages(1);
            assertThat(stream.messages().get(0).data()).isEqualTo("\"hello\"");
        }
    }

    @Test
    void a_channel_that_one_node_finishes_ends_on_the_other() {
        try (TestStream stream = two.stream("/events?channel=job").awaitOpen()) {
            one.events().send("job", "message", 1);
            one.events().finish(NewEvent.text("job", "message", "2"));
            stream.awaitEnd();
            assertThat(stream.events())
                    .extracting(WireEvent::type)
                    .containsExactly("stream-open", "message", "message", "stream-end");
            assertThatThrownBy(() -> two.events().send("job", "message", 3))
                    .isInstanceOf(ChannelFinishedException.class);
            try (TestStream here = one.stream("/events?channel=job", "Last-Event-ID", stream.lastEventId());
                    TestStream there = two.stream("/events?channel=job", "Last-Event-ID", stream.lastEventId())) {
                assertThat(here.status()).isEqualTo(204);
                assertThat(there.status()).isEqualTo(204);
            }
        }
    }

    @Test
    void a_client_that_returns_to_a_channel_which_the_other_node_has_just_reopened_is_not_turned_away() {
        one.events().finish("door");
        String end;
        try (TestStream stream = two.stream("/events?channel=door").awaitEnd()) {
            end = stream.lastEventId();
        }
        one.events().reopen("door");
        try (TestStream stream =
                two.stream("/events?channel=door", "Last-Event-ID", end).awaitEvent("stream-reset")) {
            one.events().send("door", "message", "open again");
            stream.awaitMessages(1);
            assertThat(stream.hasEnded()).isFalse();
        }
    }

    @Test
    void a_reader_of_a_latest_channel_gets_the_newest_event_of_the_other_node_and_never_an_older_one() {
        for (int i = 0; i < 20; i++) {
            one.events().send("latest-price", "price", i);
        }
        try (TestStream stream = two.stream("/events?channel=latest-price").awaitMessages(1)) {
            for (int i = 20; i < 120; i++) {
                (i % 2 == 0 ? one : two).events().send("latest-price", "price", i);
            }
            stream.awaitEvent(event -> event.data().equals("119"));
            assertThat(stream.messages().stream().map(event -> Integer.valueOf(event.data())))
                    .startsWith(19)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void a_reader_who_lost_a_permission_is_disconnected_from_the_other_node() {
        try (TestStream anns = two.stream("/events?channel=club", "Authorization", TestServer.basic("ann"))
                        .awaitOpen();
                TestStream bobs = two.stream("/events?channel=club", "Authorization", TestServer.basic("bob"))
                        .awaitOpen()) {
            two.service().revoked.add("ann club");
            one.events().channelPermissionChanged("bob", "club");
            one.events().channelPermissionChanged("ann", "club");
            anns.awaitEnd();
            assertThat(anns.text()).contains("\"condition\":\"forbidden\"");
            one.events().send("club", "message", "members only");
            bobs.awaitMessages(1);
        }
    }

    @Test
    void after_a_change_for_all_readers_of_a_channel_those_on_the_other_node_are_asked_about_too() {
        try (TestStream anonymous = two.stream("/events?channel=hall").awaitOpen();
                TestStream bobs = two.stream("/events?channel=hall", "Authorization", TestServer.basic("bob"))
                        .awaitOpen()) {
            two.service().revoked.add(" hall");
            one.events().channelPermissionChanged("hall");
            anonymous.awaitEnd();
            assertThat(anonymous.text()).contains("\"condition\":\"forbidden\"");
            one.events().send("hall", "message", "members only");
            bobs.awaitMessages(1);
            assertThat(anonymous.text()).doesNotContain("members only");
        }
    }

    @Test
    void a_user_is_disconnected_from_the_other_node_and_may_come_back_to_either() {
        String eve = TestServer.basic("eve");
        try (TestStream eves =
                two.stream("/events?channel=lobby", "Authorization", eve).awaitOpen()) {
            one.events().disconnect("eve", "signed out");
            eves.awaitEnd();
            assertThat(eves.text()).contains("\"condition\":\"disconnected\",\"text\":\"signed out\"");
            for (TestServer node : new TestServer[] {one, two}) {
                try (TestStream again = node.stream("/events?channel=lobby", "Authorization", eve)
                        .awaitOpen()) {
                    node.events().send("lobby", "message", "welcome back");
                    again.awaitMessages(1);
                }
            }
        }
    }

    /** Further tests for fast buses. */
    abstract static class Fast extends TwoNodesContract {
        Fast(String bus) {
            // so that only the bus can deliver in time
            super(bus + "\npollInterval: 1m");
        }

        @Test
        void an_unstored_event_reaches_readers_of_the_other_node_once_except_those_it_skips() {
            try (TestStream anns = two().stream(
                                    "/events?channel=unstored-clock", "Authorization", TestServer.basic("ann"))
                            .awaitOpen();
                    TestStream bobs = two().stream(
                                    "/events?channel=unstored-clock", "Authorization", TestServer.basic("bob"))
                            .awaitOpen();
                    TestStream here =
                            one().stream("/events?channel=unstored-clock").awaitOpen()) {
                one().events().send(NewEvent.text("unstored-clock", "tick", "1").skippingUser("ann"));
                one().events().send("unstored-clock", "tick", "x".repeat(200_000));
                anns.awaitMessages(1);
                bobs.awaitMessages(2);
                here.awaitMessages(2);
                one().events().send("unstored-clock", "tick", 3);
                anns.awaitMessages(2);
                bobs.awaitMessages(3);
                here.awaitMessages(3);
                assertThat(bobs.messages().get(0).data()).isEqualTo("1");
                assertThat(anns.messages().get(1).data()).isEqualTo("3");
            }
        }
    }
}
