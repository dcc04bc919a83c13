package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that are lost on the way to Pushpin, or by Pushpin, just before a channel goes quiet. */
class BehindPushpinQuietLossTest {
    private static final int ROUNDS = Integer.getInteger("quiet-loss.rounds", 3);
    private static final int READERS = 200;
    private static final Duration BOUND = Duration.ofSeconds(8);

    @RegisterExtension
    static final ProxiedServer SERVER =
            ProxiedServer.recommended().withGrip("linkTimeoutMin: 10m").withRelays();

    @Test
    void four_hundred_readers_get_the_last_event_before_a_silence_even_if_its_publish_was_lost() {
        List<TestStream> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(SERVER.stream("/events?channel=quiet").awaitOpen());
            readers.add(SERVER.stream("/events?channel=quiet", "Authorization", basic("user" + i))
                    .awaitOpen());
        }
        awaitNoRequests();
        for (int round = 1; round <= ROUNDS; round++) {
            int messages = 2 * round;
            SERVER.events().send("quiet", "message", "kept " + round);
            readers.forEach(reader -> reader.awaitMessages(messages - 1));
            long requests = SERVER.nextRequests();

            AtomicBoolean isSwallowed = new AtomicBoolean();
            String lost = "lost " + round;
            SERVER.relay().swallow(body -> body.contains(lost) && isSwallowed.compareAndSet(false, true));
            long start = System.nanoTime();
            SERVER.events().send("quiet", "message", lost);
            await().until(isSwallowed::get);
            await().atMost(BOUND)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> readers.stream().allMatch(reader -> count(reader) == messages));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            long asked = SERVER.nextRequests() - requests;
            System.out.println("round " + round + ": the last of " + readers.size() + " readers has it after " + millis
                    + " ms; requests to the application: " + asked);
            assertThat(asked).isLessThanOrEqualTo(10);
        }
        readers.forEach(TestStream::close);
    }

    @Test
    void without_a_loss_there_are_no_requests_and_no_repeated_events() {
        try (TestStream anonymous = SERVER.stream("/events?channel=calm").awaitOpen();
                TestStream signedIn = SERVER.stream("/events?channel=calm", "Authorization", basic("jo"))
                        .awaitOpen()) {
            awaitNoRequests();
            long requests = SERVER.nextRequests();
            for (int i = 0; i < 50; i++) {
                SERVER.events().send("calm", "message", i);
            }
            List.of(anonymous, signedIn).forEach(stream -> stream.awaitMessages(50));
            AtomicBoolean isRepeated = new AtomicBoolean();
            SERVER.relay().swallow(body -> {
                isRepeated.compareAndSet(false, body.contains("events-calm"));
                return false;
            });
            await().until(isRepeated::get);
            await("an item that Pushpin does not drop would make it ask within 6 s")
                    .during(Duration.ofSeconds(7))
                    .atMost(Duration.ofSeconds(9))
                    .until(() -> SERVER.nextRequests() == requests);
            assertThat(count(anonymous)).isEqualTo(50);
            assertThat(count(signedIn)).isEqualTo(50);
            assertThat(SERVER.nextRequests()).isEqualTo(requests);
        }
    }

    @Test
    void events_that_pushpin_drops_at_the_end_of_a_burst_arrive_without_a_later_event() {
        List<TestStream> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(SERVER.stream("/events?channel=burst").awaitOpen());
            readers.add(SERVER.stream("/events?channel=burst", "Authorization", basic("user" + i))
                    .awaitOpen());
        }
        awaitNoRequests();
        String data = "x".repeat(200);
        SERVER.relay().refuse(true);
        for (int i = 0; i < 1_000; i++) {
            SERVER.events().send("burst", "message", data);
        }
        SERVER.relay().refuse(false);
        long start = System.nanoTime();
        await().atMost(BOUND).until(() -> readers.stream().allMatch(reader -> count(reader) == 1_000));
        System.out.println("a burst of 1000: the last reader has all after "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");
        readers.forEach(TestStream::close);
    }

    @AfterEach
    void relay_everything() {
        SERVER.relay().refuse(false);
        SERVER.relay().swallow(body -> false);
    }

    private static void awaitNoRequests() {
        AtomicLong before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(60)).during(Duration.ofSeconds(3)).until(() -> {
            long now = SERVER.nextRequests();
            return before.getAndSet(now) == now;
        });
    }

    private static int count(TestStream reader) {
        return reader.messages().size();
    }

    private static String basic(String user) {
        return TestServer.basic(user);
    }
}
