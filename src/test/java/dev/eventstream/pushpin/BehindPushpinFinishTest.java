package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.FinishedChannelsContract;
import dev.eventstream.ServedStreams;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Finished channels, through a real Pushpin. */
class BehindPushpinFinishTest extends FinishedChannelsContract {
    private static final int READERS = 40;

    @RegisterExtension
    static final ProxiedServer SERVER =
            ProxiedServer.recommended().withGrip("linkTimeoutMin: 10m").withRelays();

    @Override
    protected ServedStreams served() {
        return SERVER;
    }

    @Test
    void anonymous_and_signed_in_readers_get_everything_and_their_connections_close() {
        List<TestStream> readers = IntStream.range(0, READERS)
                .mapToObj(i -> i % 2 == 0
                        ? SERVER.stream("/events?channel=answer")
                        : SERVER.stream("/events?channel=answer", "Authorization", TestServer.basic("user" + i)))
                .map(TestStream::awaitOpen)
                .toList();
        IntStream.range(0, 100).forEach(i -> SERVER.events().send("answer", "word", i));
        long start = System.nanoTime();
        SERVER.events().finish(NewEvent.text("answer", "word", "end"));

        readers.forEach(TestStream::awaitEnd);
        System.out.println("the last of " + READERS + " streams has ended after "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");
        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.messages()).hasSize(101);
            List<WireEvent> events = reader.events();
            assertThat(events.get(events.size() - 1).type()).isEqualTo("stream-end");
            assertThat(events).extracting(WireEvent::type).doesNotContain("stream-reset");
            reader.close();
        });
    }

    @Test
    void streams_end_even_if_the_publish_of_the_end_is_lost() {
        try (TestStream stream = SERVER.stream("/events?channel=unheard").awaitOpen()) {
            SERVER.events().send("unheard", "message", 1);
            stream.awaitMessages(1);
            AtomicBoolean isSwallowed = new AtomicBoolean();
            SERVER.relay()
                    .swallow(body -> body.contains("events-unheard")
                            && body.contains("\"hint\"")
                            && isSwallowed.compareAndSet(false, true));
            SERVER.events().finish("unheard");

            await().until(isSwallowed::get);
            await().atMost(Duration.ofSeconds(8)).until(stream::hasEnded);
            assertThat(stream.text()).contains("event: stream-end\n");
        }
    }
}
