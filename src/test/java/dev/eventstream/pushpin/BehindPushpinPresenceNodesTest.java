package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.RawHttp;
import dev.eventstream.ServiceProcess;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.bus.BusServer;
import dev.eventstream.network.FreePorts;
import dev.eventstream.presence.Presence;
import dev.eventstream.stream.WireReader.WireEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with the same database and bus count their readers and those behind a real Pushpin, also after one of them is killed. */
@Timeout(300)
class BehindPushpinPresenceNodesTest {
    /** A node knows the readers of a Pushpin a minute after it has connected. */
    private static final Duration UNTIL_COMPLETE = Duration.ofSeconds(100);

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String HOST = "host-carl";

    @RegisterExtension
    static final BusServer BUS = BusServer.redis();

    private final List<TestStream> open = new ArrayList<>();
    private Server database;
    private PushpinProcess pushpin;
    private TestServer survivor;
    private ServiceProcess other;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        database = Server.createTcpServer("-tcpPort", "0", "-baseDir", directory.toString(), "-ifNotExists")
                .start();
        String url = "jdbc:h2:tcp://localhost:" + database.getPort() + "/./events;WRITE_DELAY=0";
        int[] ports = {FreePorts.next(), FreePorts.next()};
        // requests go to the second node only if the first does not answer
        pushpin = ProxiedServer.recommended(PushpinProcess.before("127.0.0.1:" + ports[0] + " 127.0.0.1:" + ports[1]))
                .start();
        String lines = """
                grip:
                  linkSecrets: [a-secret-for-the-links-of-the-tests]
                  proxies:
                    - url: %s?verify-key=a-key-of-the-tests-which-is-no-secret
                      statsUri: %s
                      minInterval: 0ms
                bus: %s
                presence: {channels: ["room-*"], events: true, debounce: 2s}
                """.formatted(pushpin.controlUri(), pushpin.statsUri(), BUS.yaml(BUS.port()));
        other = ServiceProcess.start(directory, ports[0], url, lines);
        survivor = TestServer.onDatabase(url, lines, "server.applicationConnectors[0].port=" + ports[1]);
        survivor.start();
        pushpin.awaitReady("/events?channel=ready");
    }

    @AfterEach
    void stop() {
        open.forEach(TestStream::close);
        survivor.stop();
        other.close();
        pushpin.close();
        database.stop();
    }

    private TestStream read(int port, String channel, String... headers) {
        TestStream stream =
                TestStream.open(port, "/events?channel=" + channel, headers).awaitOpen();
        open.add(stream);
        return stream;
    }

    private TestStream read(int port, String channel, String user) {
        return read(port, channel, "Authorization", TestServer.basic(user));
    }

    private int behindPushpin() {
        return pushpin.uri().getPort();
    }

    private Presence atSurvivor() {
        return survivor.events().presence("room-1");
    }

    private String atOther() throws Exception {
        return RawHttp.get(other.port(), "/events/presence?channel=room-1", "Authorization: " + TestServer.basic(HOST))
                .body();
    }

    private void awaitAtSurvivor(Duration atMost, int readers, int streams, String... users) {
        await().atMost(atMost).untilAsserted(() -> {
            assertThat(atSurvivor().users()).containsExactly(users);
            assertThat(atSurvivor().readers()).isEqualTo(readers);
            assertThat(atSurvivor().streams()).isEqualTo(streams);
        });
    }

    private static List<String> usersOf(TestStream host, String type) {
        return host.messages().stream()
                .filter(event -> event.type().equals(type))
                .map(event -> event.data().replaceAll("\\{\"user\":\"(\\w+)\".*", "$1"))
                .toList();
    }

    private static void awaitUsers(List<TestStream> hosts, String type, String... users) {
        for (TestStream host : hosts) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(usersOf(host, type)).containsExactlyInAnyOrder(users));
        }
    }

    /** Whether a join follows the user's leave. Joins before it may be repeated, because the node that had sent them has died. */
    private static boolean hasJoinedAgain(TestStream host, String user) {
        List<String> types = host.messages().stream()
                .filter(event -> event.data().contains("\"user\":\"" + user + '"'))
                .map(WireEvent::type)
                .toList();
        return types.lastIndexOf("join") > types.indexOf("leave");
    }

    @Test
    void readers_on_both_nodes_and_behind_pushpin_count_everywhere_and_those_of_a_killed_node_disappear_in_30_seconds(
            TestReporter reporter) throws Exception {
        await().atMost(UNTIL_COMPLETE).until(() -> atSurvivor().isComplete());
        await().atMost(UNTIL_COMPLETE).until(() -> atOther().contains("\"complete\":true"));
        List<TestStream> hosts =
                List.of(read(survivor.port(), "presence:room-1", HOST), read(behindPushpin(), "presence:room-1", HOST));
        read(survivor.port(), "room-1", "ann");
        TestStream bob = read(other.port(), "room-1", "bob");
        TestStream cid = read(behindPushpin(), "room-1", "cid");
        read(other.port(), "room-1", "eve");
        TestStream evesOther = read(behindPushpin(), "room-1", "eve");
        read(other.port(), "room-1");
        TestStream anonymous = read(behindPushpin(), "room-1");

        awaitAtSurvivor(PATIENCE, 6, 7, "ann", "bob", "cid", "eve");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(atOther())
                        .startsWith("{\"channel\":\"room-1\",\"readers\":6,\"streams\":7,\"complete\":true,")
                        .endsWith("\"users\":[\"ann\",\"bob\",\"cid\",\"eve\"]}"));
        awaitUsers(hosts, "join", "ann", "bob", "cid", "eve");

        other.kill();
        long killed = System.nanoTime();
        bob.awaitEnd();
        awaitAtSurvivor(Duration.ofSeconds(30), 4, 4, "ann", "cid", "eve");
        reporter.publishEntry(
                "seconds until the readers of a killed node had disappeared",
                String.valueOf((System.nanoTime() - killed) / 1e9));
        awaitUsers(hosts, "leave", "bob");
        assertThat(atSurvivor().isComplete()).isTrue();

        read(survivor.port(), "room-1", "bob");
        awaitAtSurvivor(PATIENCE, 5, 5, "ann", "bob", "cid", "eve");
        assertThat(cid.hasEnded() || evesOther.hasEnded() || anonymous.hasEnded())
                .isFalse();
        hosts.forEach(host -> await().atMost(PATIENCE).until(() -> hasJoinedAgain(host, "bob")));
        open.stream().filter(stream -> !hosts.contains(stream)).forEach(TestStream::close);
        awaitAtSurvivor(PATIENCE, 0, 0);
        awaitUsers(hosts, "leave", "bob", "ann", "bob", "cid", "eve");
    }
}
