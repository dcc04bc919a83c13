package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.LatestChannelsContract;
import dev.eventstream.ServedStreams;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Latest channels, through a real Pushpin. */
class BehindPushpinLatestTest extends LatestChannelsContract {
    @RegisterExtension
    static final ProxiedServer SERVER =
            ProxiedServer.recommended().withGrip("linkTimeoutMin: 10m").withRelays();

    @Override
    protected ServedStreams served() {
        return SERVER;
    }

    @Test
    void events_that_pushpin_loses_are_replaced_by_the_newest_one_and_no_older_one_follows() {
        List<TestStream> readers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            readers.add(SERVER.stream("/events?channel=latest-lossy").awaitOpen());
            readers.add(SERVER.stream("/events?channel=latest-lossy", "Authorization", TestServer.basic("user" + i))
                    .awaitOpen());
        }
        AtomicInteger publishes = new AtomicInteger();
        SERVER.relay().swallow(body -> body.contains("events-latest-lossy") && publishes.getAndIncrement() % 3 == 1);
        IntStream.range(0, 200).forEach(i -> SERVER.events().send("latest-lossy", "price", i));
        SERVER.relay().swallow(body -> false);
        SERVER.events().send("latest-lossy", "price", "newest");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> readers.stream().allMatch(BehindPushpinLatestTest::hasNewest));
        assertThat(SERVER.relay().swallowed()).isNotEmpty();
        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.messages().stream().map(event -> sequence(event.id())))
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(reader.events()).extracting(WireEvent::type).doesNotContain("stream-reset");
            reader.close();
        });
    }

    private static boolean hasNewest(TestStream reader) {
        return reader.messages().stream().anyMatch(event -> event.data().equals("\"newest\""));
    }

    private static int sequence(String id) {
        return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
    }
}
