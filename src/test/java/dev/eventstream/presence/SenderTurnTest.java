package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.SettableTicker;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SenderTurnTest {
    private static final NewEvent FIRST = event("first");
    private static final NewEvent SECOND = event("second");
    private static final NewEvent THIRD = event("third");

    private final SettableTicker ticker = new SettableTicker();
    private final SenderTurn turn = new SenderTurn(ticker);

    private static NewEvent event(String data) {
        return NewEvent.text("presence:room", "join", data);
    }

    @Test
    void the_node_whose_turn_it_is_sends_each_event_once() {
        assertThat(turn.ourTurn(List.of(FIRST))).containsExactly(FIRST);
        assertThat(turn.ourTurn(List.of())).isEmpty();
        assertThat(turn.ourTurn(List.of(SECOND))).containsExactly(SECOND);
    }

    @Test
    void after_the_death_of_the_sender_the_next_one_sends_events_decided_after_its_last_message() {
        turn.othersTurn(List.of(FIRST), ticker.read());
        ticker.advance(Duration.ofSeconds(1));
        long heard = ticker.read();
        turn.othersTurn(List.of(), heard);
        ticker.advance(Duration.ofSeconds(1));
        turn.othersTurn(List.of(SECOND), heard);
        ticker.advance(OtherNodes.LEASE);
        assertThat(turn.ourTurn(List.of(THIRD))).containsExactly(SECOND, THIRD);
        assertThat(turn.ourTurn(List.of())).isEmpty();
    }

    @Test
    void events_decided_before_any_node_could_send_are_sent_by_the_first_that_can() {
        ticker.advance(Duration.ofSeconds(1));
        turn.noTurn(List.of(FIRST));
        assertThat(turn.ourTurn(List.of(SECOND))).containsExactly(FIRST, SECOND);
    }

    @Test
    void events_are_kept_for_a_limited_time_and_in_a_limited_number() {
        long heard = ticker.read();
        ticker.advance(Duration.ofSeconds(1));
        turn.othersTurn(List.of(FIRST), heard);
        ticker.advance(Duration.ofSeconds(23));
        turn.othersTurn(Collections.nCopies(SenderTurn.MAX_KEPT + 1, SECOND), heard);
        assertThat(turn.ourTurn(List.of())).hasSize(SenderTurn.MAX_KEPT).containsOnly(SECOND);
    }
}
