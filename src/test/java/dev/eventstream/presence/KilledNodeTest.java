package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.ServiceProcess;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.bus.BusServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The readers of a node that is killed disappear. */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // it starts two services
class KilledNodeTest {
    @RegisterExtension
    static final BusServer BUS = BusServer.redis();

    @Test
    void the_readers_of_a_killed_node_disappear_within_30_seconds(@TempDir Path directory) throws Exception {
        String more =
                "bus: " + BUS.yaml(BUS.port()) + "\npresence: {channels: [\"room-*\"], events: true, debounce: 1s}";
        TestServer survivor = TestServer.onDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", more);
        survivor.start();
        try (ServiceProcess other =
                ServiceProcess.start(directory, List.of(), ServiceProcess.Database.h2(directory), more)) {
            TestStream host = PresenceNodesContract.open(survivor, "presence:room-1", "host-carl");
            TestStream ann = PresenceNodesContract.open(survivor, "room-1", "ann");
            TestStream bob = TestStream.open(
                            other.port(), "/events?channel=room-1", "Authorization", TestServer.basic("bob"))
                    .awaitOpen();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    survivor.events().presence("room-1").users())
                            .containsExactly("ann", "bob"));
            other.kill();
            bob.awaitEnd();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(
                                    survivor.events().presence("room-1").users())
                            .containsExactly("ann"));
            host.awaitEvent("leave");
            assertThat(host.messages())
                    .filteredOn(event -> event.type().equals("leave"))
                    .hasSize(1);
            assertThat(ann.hasEnded()).isFalse();
            host.close();
            ann.close();
        } finally {
            survivor.stop();
        }
    }
}
