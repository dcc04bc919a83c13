package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestStream;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The delay of events through a real Pushpin, at rates that it is configured for and at higher ones. */
class BehindPushpinPaceTest {
    private static final Duration LATE = Duration.ofSeconds(5);

    @Test
    void the_recommended_settings_deliver_300_events_a_second_to_50_readers_within_seconds() throws Exception {
        try (ProxiedServer server = ProxiedServer.recommended().start()) {
            assertThat(run("recommended, 300/s to 50", server, 300, 3_000, 50)).isLessThan(LATE);
        }
    }

    @Test
    void the_defaults_deliver_50_events_a_second_to_40_readers_within_seconds() throws Exception {
        try (ProxiedServer server = ProxiedServer.asShipped().start()) {
            assertThat(run("as shipped, 50/s to 40", server, 50, 500, 40)).isLessThan(LATE);
        }
    }

    @Test
    void the_defaults_lose_nothing_at_300_events_a_second_to_50_readers() throws Exception {
        try (ProxiedServer server = ProxiedServer.asShipped().start()) {
            assertThat(run("as shipped, 300/s to 50", server, 300, 3_000, 50)).isLessThan(Duration.ofSeconds(90));
        }
    }

    /** The longest delay of any event to any reader. Fails unless every reader gets all events in order. */
    private static Duration run(String name, ProxiedServer server, int perSecond, int count, int readers) {
        List<TimedReader> streams = IntStream.range(0, readers)
                .mapToObj(i -> new TimedReader(
                        "pace", position -> server.stream("/events?channel=pace", "Last-Event-ID", position)))
                .toList();
        streams.forEach(TimedReader::awaitOpen);
        BehindPushpinRepairTest.pace(
                perSecond,
                count,
                i -> server.events().send(NewEvent.text("pace", "message", Long.toString(System.nanoTime()))));
        streams.forEach(stream -> await().atMost(Duration.ofSeconds(100)).until(() -> stream.count() >= count));
        streams.forEach(stream -> assertThat(stream.sequences())
                .isEqualTo(IntStream.rangeClosed(1, count).boxed().toList()));
        streams.forEach(TimedReader::close);
        Duration latest = streams.stream()
                .map(TimedReader::latest)
                .max(Duration::compareTo)
                .orElseThrow();
        List<Duration> all = streams.stream().map(TimedReader::median).sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%s: median %d ms, latest %d ms, %d connections%n",
                name,
                all.get(all.size() / 2).toMillis(),
                latest.toMillis(),
                streams.stream().mapToInt(TimedReader::connections).sum());
        return latest;
    }

    /** Measures the delay of each event, whose data is the time when it was sent. */
    private static final class TimedReader implements AutoCloseable {
        private final ReturningReader reader;

        TimedReader(String channel, Function<String, TestStream> open) {
            this.reader = new ReturningReader(channel, channel + "=0-0", open);
        }

        void awaitOpen() {
            await().atMost(Duration.ofSeconds(20)).until(() -> reader.connections() > 0);
        }

        int count() {
            return reader.count();
        }

        int connections() {
            return reader.connections();
        }

        List<Integer> sequences() {
            return reader.sequences().stream().map(Math::toIntExact).toList();
        }

        private List<Duration> delays() {
            List<WireEvent> events = reader.seen();
            return IntStream.range(0, events.size())
                    .mapToObj(i -> Duration.ofNanos(reader.arrivals().get(i)
                            - Long.parseLong(events.get(i).data())))
                    .sorted()
                    .toList();
        }

        Duration latest() {
            List<Duration> delays = delays();
            return delays.get(delays.size() - 1);
        }

        Duration median() {
            List<Duration> delays = delays();
            return delays.get(delays.size() / 2);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
