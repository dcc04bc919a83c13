package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.event.NewEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchRoomTest {
    private final List<PendingSend> batch = new ArrayList<>();
    private final BatchRoom room = new BatchRoom(batch);

    private static PendingSend send(int events, int charactersEach) {
        return new PendingSend(
                Collections.nCopies(events, NewEvent.text("a", "message", "x".repeat(charactersEach))), 0);
    }

    @Test
    void a_batch_takes_500_events_and_4_mebi_characters() {
        assertThat(BatchRoom.MAX_EVENTS).isEqualTo(500);
        assertThat(BatchRoom.MAX_CHARACTERS).isEqualTo(4_194_304);
    }

    @Test
    void a_batch_is_filled_to_the_last_event_and_no_further() {
        PendingSend most = send(BatchRoom.MAX_EVENTS - 1, 1);
        PendingSend last = send(1, 1);

        assertThat(room.take(most)).isTrue();
        assertThat(room.take(last)).isTrue();
        assertThat(room.take(send(1, 1))).isFalse();
        assertThat(batch).containsExactly(most, last);
    }

    @Test
    void a_batch_is_filled_to_the_last_character_and_no_further() {
        PendingSend most = send(4, BatchRoom.MAX_CHARACTERS / 4 - 1);
        PendingSend last = send(1, 4);

        assertThat(room.take(most)).isTrue();
        assertThat(room.take(last)).isTrue();
        assertThat(room.take(send(1, 1))).isFalse();
        assertThat(batch).containsExactly(most, last);
    }

    @Test
    void a_single_send_fits_whatever_its_size() {
        assertThat(room.take(send(BatchRoom.MAX_EVENTS + 1, 1))).isTrue();
        assertThat(room.take(send(1, 1))).isFalse();
    }
}
