package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.OutboxEntry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final RowsInMemory rows = new RowsInMemory();

    private OutboxEntry row(long sequence) {
        EventId id = new EventId("k3f9x2", sequence);
        OutboxEntry row = new OutboxEntry(new ChannelName("a"), id, id);
        rows.add(row);
        return row;
    }

    @Test
    void what_does_not_fit_is_left_to_the_sweep() {
        InFlight underway = new InFlight(rows, 2, InFlight.PATIENCE);
        OutboxEntry first = row(1);
        OutboxEntry second = row(2);
        OutboxEntry third = row(3);
        underway.begin(first);
        underway.begin(second);
        assertThat(underway.isBusyWith(third)).as("it is full").isTrue();
        underway.begin(third);

        underway.finish(third);
        underway.finish(first);
        underway.deleteDone();

        assertThat(rows.all()).containsExactly(second, third);
        assertThat(underway.isBusyWith(second)).isTrue();
        assertThat(underway.isBusyWith(third)).isFalse();
    }

    @Test
    void what_takes_too_long_is_left_to_the_sweep() {
        InFlight underway = new InFlight(rows, 10, Duration.ZERO);
        OutboxEntry late = row(1);
        underway.begin(late);
        underway.deleteDone();

        assertThat(underway.isBusyWith(late)).isFalse();
        underway.finish(late);
        underway.deleteDone();
        assertThat(rows.all()).containsExactly(late);
    }

    @Test
    void a_row_that_is_announced_twice_at_once_is_deleted_when_one_is_through() {
        InFlight underway = new InFlight(rows);
        OutboxEntry row = row(1);
        underway.begin(row);
        underway.begin(row);
        underway.finish(row);
        underway.abandon(row);
        underway.deleteDone();

        assertThat(rows.all()).isEmpty();
        assertThat(underway.isBusyWith(row)).isFalse();
    }

    @Test
    void without_rows_nothing_is_under_way() {
        InFlight underway = InFlight.untracked();
        OutboxEntry row = row(1);
        underway.begin(row);
        underway.finish(row);
        underway.deleteDone();

        assertThat(rows.all()).containsExactly(row);
    }
}
