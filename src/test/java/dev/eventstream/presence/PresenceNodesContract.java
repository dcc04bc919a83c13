package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What users see of presence on three nodes with the same database and bus. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PresenceNodesContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PRESENCE = "presence: {channels: [\"room-*\"], events: true, debounce: 2s}";

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final Supplier<String> bus;
    private List<TestServer> nodes = List.of();

    /** @param bus the line of the eventStream block; read when the tests begin */
    PresenceNodesContract(Supplier<String> bus) {
        this.bus = bus;
    }

    @BeforeAll
    void start() throws Exception {
        nodes = List.of(newNode(), newNode(), newNode());
        for (TestServer node : nodes) {
            node.start();
        }
        for (TestServer node : nodes) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> node.events().presence("room-0").isComplete());
        }
    }

    private TestServer newNode() {
        return TestServer.onDatabase(url, "bus: " + bus.get() + '\n' + PRESENCE);
    }

    @AfterAll
    void stop() {
        nodes.forEach(TestServer::stop);
    }

    TestServer node(int index) {
        return nodes.get(index);
    }

    static TestStream open(TestServer node, String channel, String user) {
        return node.stream("/events?channel=" + channel, "Authorization", TestServer.basic(user))
                .awaitOpen();
    }

    private void awaitEverywhere(String channel, int readers, int streams, String... users) {
        for (TestServer node : nodes) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                Presence found = node.events().presence(channel);
                assertThat(found.users()).containsExactly(users);
                assertThat(found.readers()).isEqualTo(readers);
                assertThat(found.streams()).isEqualTo(streams);
            });
        }
    }

    @Test
    void every_node_knows_the_readers_of_all_nodes() throws Exception {
        try (TestStream anns = open(node(1), "room-1", "ann");
                TestStream anonymous = node(2).stream("/events?channel=room-1").awaitOpen()) {
            try (TestStream annsOther = open(node(0), "room-1", "ann");
                    TestStream bobs = open(node(1), "room-1", "bob")) {
                awaitEverywhere("room-1", 3, 4, "ann", "bob");
                assertThat(RawHttp.get(
                                        node(2).port(),
                                        "/events/presence?channel=room-1",
                                        "Authorization: " + TestServer.basic("host-carl"))
                                .body())
                        .startsWith("{\"channel\":\"room-1\",\"readers\":3,\"streams\":4,")
                        .endsWith(",\"users\":[\"ann\",\"bob\"]}");
                assertThat(annsOther.hasEnded() || bobs.hasEnded()).isFalse();
            }
            awaitEverywhere("room-1", 2, 2, "ann");
            assertThat(anns.hasEnded() || anonymous.hasEnded()).isFalse();
        }
        awaitEverywhere("room-1", 0, 0);
    }

    @Test
    void a_node_that_joins_gets_everything_and_one_that_stops_takes_its_readers_with_it() throws Exception {
        try (TestStream ann = open(node(0), "room-2", "ann")) {
            TestServer fourth = newNode();
            fourth.start();
            try {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        fourth.events().presence("room-2").users())
                                .containsExactly("ann"));
                TestStream bob = open(fourth, "room-2", "bob");
                awaitEverywhere("room-2", 2, 2, "ann", "bob");
                assertThat(bob.hasEnded()).isFalse();
            } finally {
                fourth.stop();
            }
            awaitEverywhere("room-2", 1, 1, "ann");
            assertThat(ann.hasEnded()).isFalse();
        }
    }

    @Test
    void a_reader_who_comes_and_goes_adds_nothing_to_the_log() {
        node(0).events().send("room-3", "message", "before");
        int before = storedEvents();
        TestStream ann = open(node(0), "room-3", "ann");
        awaitEverywhere("room-3", 1, 1, "ann");
        ann.close();
        awaitEverywhere("room-3", 0, 0);
        assertThat(storedEvents()).isEqualTo(before).isPositive();
    }

    private int storedEvents() {
        return node(0).jdbi()
                .withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM eventstream_event")
                        .mapTo(Integer.class)
                        .one());
    }

    /** Further tests for fast buses. */
    abstract static class Fast extends PresenceNodesContract {
        Fast(Supplier<String> bus) {
            super(bus);
        }

        @Test
        void a_join_and_a_leave_reach_every_node_once_and_a_reader_who_changes_nodes_causes_none() {
            try (TestStream one = open(node(0), "presence:room-4", "host-one");
                    TestStream two = open(node(1), "presence:room-4", "host-two");
                    TestStream three = open(node(2), "presence:room-4", "host-three")) {
                TestStream ann = open(node(0), "room-4", "ann");
                for (TestStream host : List.of(one, two, three)) {
                    host.awaitMessages(1);
                }
                ann.close();
                ann = open(node(1), "room-4", "ann");
                try (TestStream bob = open(node(2), "room-4", "bob")) {
                    for (TestStream host : List.of(one, two, three)) {
                        host.awaitMessages(2);
                    }
                    assertThat(bob.hasEnded()).isFalse();
                }
                ann.close();
                for (TestStream host : List.of(one, two, three)) {
                    host.awaitMessages(4);
                    assertThat(host.messages())
                            .extracting(WireEvent::type)
                            .containsExactly("join", "join", "leave", "leave");
                    assertThat(host.messages().get(0).data()).isEqualTo("{\"user\":\"ann\",\"readers\":1}");
                    assertThat(host.messages().get(1).data()).isEqualTo("{\"user\":\"bob\",\"readers\":2}");
                }
            }
        }
    }
}
