package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.presence.Presence;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers behind a real Pushpin are counted, in addition to those of direct streams. */
class BehindPushpinPresenceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.behind(2, ProxiedServer::recommended)
            .withProxy("minInterval: 0ms")
            .withStats()
            .withMore("presence: {channels: [\"room-*\"], events: true, debounce: 2s}");

    private static Presence room(String channel) {
        return SERVER.events().presence(channel);
    }

    private static TestStream open(int pushpin, String channel, String user) {
        return TestStream.open(
                        SERVER.pushpin(pushpin).uri().resolve("/events?channel=" + channel),
                        "Authorization",
                        TestServer.basic(user))
                .awaitOpen();
    }

    @Test
    void readers_at_every_pushpin_and_direct_ones_are_counted_with_their_names() throws Exception {
        try (TestStream anonymous = SERVER.stream("/events?channel=room-1").awaitOpen();
                TestStream direct = SERVER.direct("/events?channel=room-1", "Authorization", TestServer.basic("bob"))
                        .awaitOpen()) {
            try (TestStream ann = open(0, "room-1", "ann");
                    TestStream annElsewhere = open(1, "room-1&channel=room-2", "ann");
                    TestStream another = SERVER.stream("/events?channel=room-1").awaitOpen()) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(room("room-1").users()).containsExactly("ann", "bob");
                    assertThat(room("room-1").readers()).isEqualTo(4);
                    assertThat(room("room-1").streams()).isEqualTo(5);
                    assertThat(room("room-2").users()).containsExactly("ann");
                });
                assertThat(RawHttp.get(SERVER.pushpin().uri().getPort(), "/events/presence?channel=room-1")
                                .body())
                        .startsWith("{\"channel\":\"room-1\",\"readers\":4,\"streams\":5,");
                assertThat(ann.hasEnded() || annElsewhere.hasEnded() || another.hasEnded())
                        .isFalse();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(room("room-1").streams()).isEqualTo(2));
            assertThat(room("room-1").users()).containsExactly("bob");
            assertThat(anonymous.hasEnded() || direct.hasEnded()).isFalse();
        }
    }

    @Test
    void a_stream_with_more_channels_and_counts_than_pushpin_holds_is_refused_with_the_reason() {
        String ten = "/events?channel="
                + IntStream.range(0, 10).mapToObj(i -> "room-" + i).collect(Collectors.joining("&channel="));
        assertThat(SERVER.stream(ten).awaitEnd().text())
                .contains(
                        "10 channels, 10 to count its readers (eventStream.presence) and the reader's own are requested; a"
                                + " proxy holds 20 on one stream (eventStream.grip.maxSubscriptions)");
        try (TestStream nine = SERVER.stream(ten.replace("&channel=room-9", "")).awaitOpen()) {
            assertThat(nine.hasEnded()).isFalse();
        }
    }

    @Test
    void the_readers_of_a_killed_pushpin_disappear_within_30_seconds() {
        try (TestStream ann = open(1, "room-3", "ann");
                TestStream bob = open(0, "room-3", "bob")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(room("room-3").users()).containsExactly("ann", "bob"));
            SERVER.pushpin(1).kill();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(room("room-3").users()).containsExactly("bob"));
            assertThat(bob.hasEnded()).isFalse();
            ann.awaitEnd();
        } finally {
            SERVER.pushpin(1).start();
            SERVER.awaitReady();
        }
        try (TestStream ann = open(1, "room-3", "ann")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(room("room-3").users()).containsExactly("ann"));
            assertThat(ann.hasEnded()).isFalse();
        }
    }

    @Test
    void counts_are_complete_a_minute_after_the_start_and_joins_and_leaves_reach_readers_behind_pushpin() {
        await().atMost(Duration.ofSeconds(100)).until(() -> room("room-4").isComplete());
        try (TestStream host = open(0, "presence:room-4", "host-carl")) {
            try (TestStream ann = open(1, "room-4", "ann")) {
                host.awaitEvent("join");
                assertThat(ann.hasEnded()).isFalse();
            }
            host.awaitEvent("leave");
            assertThat(host.messages())
                    .extracting(WireEvent::type, WireEvent::data)
                    .containsExactly(
                            tuple("join", "{\"user\":\"ann\",\"readers\":1}"),
                            tuple("leave", "{\"user\":\"ann\",\"readers\":0}"));
        }
    }
}
