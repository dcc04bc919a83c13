package dev.eventstream.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.loop.SettableTicker;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final MemoryBudget memory = new MemoryBudget(64L << 20);
    private final HoldTimes times = new HoldTimes(SECOND, SECOND, new SettableTicker());
    private final List<HeldResponse> responses = new ArrayList<>();
    private final List<HeldStream> ended = new ArrayList<>();

    /** After each pause, how many streams had ended. */
    private final List<Integer> endedBefore = new ArrayList<>();

    private final List<Duration> pauses = new ArrayList<>();
    private final SettableTicker ticker = new SettableTicker();
    private final Drain drain = new Drain(
            pause -> {
                pauses.add(pause);
                endedBefore.add(ended.size());
                ticker.advance(pause);
            },
            ticker);

    private List<HeldStream> streams(int count) {
        return IntStream.range(0, count).mapToObj(i -> stream()).toList();
    }

    private HeldStream stream() {
        HeldResponse response = new HeldResponse().completingAtOnce();
        responses.add(response);
        SharedBytes first = SharedBytes.unmetered("first;".getBytes(UTF_8));
        HeldStream stream =
                new HeldStream(new ResponseOutput(response), Callback.NOOP, first, memory, times, ended::add);
        stream.start();
        return stream;
    }

    @Test
    void many_streams_end_at_an_even_pace_within_the_time() {
        drain.end(streams(1_000), Drain.LAST_CALL.plusSeconds(2));

        assertThat(ended).hasSize(1_000);
        assertThat(pauses.subList(0, 999)).containsOnly(Duration.ofMillis(2));
        assertThat(pauses.subList(999, pauses.size())).containsExactly(Drain.LAST_CALL);
        assertThat(endedBefore)
                .isEqualTo(IntStream.rangeClosed(1, 1_000).boxed().toList());
    }

    @Test
    void of_a_short_time_half_is_for_the_ends() {
        drain.end(streams(500), SECOND);

        assertThat(pauses).hasSize(500).startsWith(Duration.ofMillis(1)).endsWith(Drain.LAST_CALL);
    }

    @Test
    void few_streams_take_less_time() {
        drain.end(streams(3), SECOND);

        assertThat(ended).hasSize(3);
        assertThat(pauses).containsExactly(Drain.LONGEST_GAP, Drain.LONGEST_GAP, Drain.LAST_CALL);
    }

    @Test
    void without_time_or_without_streams_there_is_no_pause() {
        drain.end(streams(100), Duration.ZERO);
        drain.end(List.of(), SECOND);

        assertThat(ended).hasSize(100);
        assertThat(pauses).isEmpty();
    }

    @Test
    void each_client_gets_a_random_time_after_which_it_comes_back() {
        drain.end(streams(1_000), Duration.ofSeconds(5));

        assertThat(retries(responses.subList(0, 700)))
                .hasSizeGreaterThan(100)
                .allMatch(millis -> millis >= 100 && millis <= 1_000)
                .anyMatch(millis -> millis > 500);
        assertThat(retries(responses.subList(800, 1_000)))
                .as("of the last second")
                .hasSizeGreaterThan(100)
                .allMatch(millis -> millis >= 100 && millis <= 500);
    }

    @Test
    void a_client_that_comes_back_during_the_last_call_comes_back_next_when_the_server_is_closed() {
        List<HeldStream> early = streams(100);
        List<HeldStream> late = streams(100);
        List<HeldStream> afterwards = streams(100);
        AtomicReference<Drain> calling = new AtomicReference<>();
        calling.set(new Drain(
                pause -> {
                    early.forEach(calling.get()::end);
                    ticker.advance(pause.dividedBy(2));
                    late.forEach(calling.get()::end);
                    ticker.advance(pause.dividedBy(2));
                },
                ticker));
        calling.get().end(streams(1), SECOND);
        afterwards.forEach(calling.get()::end);

        long lastCall = Drain.LAST_CALL.toMillis();
        assertThat(retries(responses.subList(0, 100)))
                .hasSizeGreaterThan(50)
                .allMatch(millis -> millis > lastCall + 1_000 && millis < lastCall + 2_000);
        assertThat(retries(responses.subList(100, 200)))
                .hasSizeGreaterThan(50)
                .allMatch(millis -> millis > lastCall / 2 + 1_000 && millis < lastCall / 2 + 2_000);
        assertThat(retries(responses.subList(200, 300)))
                .hasSizeGreaterThan(50)
                .allMatch(millis -> millis > 1_000 && millis < 2_000);
    }

    @Test
    void without_a_drain_clients_come_back_within_a_second() {
        streams(200).forEach(drain::end);

        assertThat(retries(responses)).hasSizeGreaterThan(100).allMatch(millis -> millis <= 1_000);
    }

    @Test
    void clients_of_a_node_that_keeps_running_are_sent_away_for_seconds() {
        drain.sendAway(streams(200), SECOND);
        streams(200).forEach(drain::end);

        assertThat(ended).hasSize(400);
        assertThat(pauses).hasSize(199).containsOnly(Duration.ofMillis(5));
        assertThat(retries(responses)).hasSizeGreaterThan(100).allMatch(millis -> millis >= 2_500 && millis <= 4_000);
    }

    @Test
    void a_drained_node_that_stops_waits_for_the_clients_that_it_has_sent_away() {
        drain.sendAway(List.of(), SECOND);
        drain.end(List.of(), SECOND);
        assertThat(pauses).containsExactly(Drain.AWAY_CALL);
        streams(200).forEach(drain::end);

        assertThat(Drain.AWAY_CALL).isGreaterThan(Duration.ofSeconds(4));
        assertThat(retries(responses)).as("after the wait").allMatch(millis -> millis > 1_000 && millis < 2_000);
    }

    @Test
    void a_node_that_has_resumed_stops_as_usual() {
        drain.sendAway(List.of(), SECOND);
        drain.await();
        assertThat(pauses).containsExactly(Drain.AWAY_CALL);
        pauses.clear();
        drain.end(streams(1), SECOND);

        assertThat(pauses).containsExactly(Drain.LAST_CALL);
        assertThat(retries(responses)).allMatch(millis -> millis <= 1_000);
    }

    private static Set<Integer> retries(List<HeldResponse> responses) {
        return responses.stream()
                .map(response -> response.text().substring("first;".length()))
                .peek(frame -> assertThat(frame).matches("retry: \\d{3,4}\n\n"))
                .map(frame -> Integer.parseInt(frame.replaceAll("\\D", "")))
                .collect(Collectors.toSet());
    }

    @Test
    void an_interrupt_ends_the_rest_at_once() {
        List<HeldStream> streams = streams(1_000);
        Drain interrupted = new Drain(
                pause -> {
                    pauses.add(pause);
                    throw new InterruptedException();
                },
                ticker);
        interrupted.end(streams, SECOND);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended).hasSize(1_000);
        assertThat(pauses).hasSize(1);
    }
}
