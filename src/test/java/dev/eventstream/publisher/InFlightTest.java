package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.store.OutboxEntry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final SettableTicker ticker = new SettableTicker();
    private final RowsInMemory rows = new RowsInMemory();

    private OutboxEntry row(long sequence) {
        EventId id = new EventId("k3f9x2", sequence);
        OutboxEntry row = new OutboxEntry(new ChannelName("a"), id, id);
        rows.add(row);
        return row;
    }

    @Test
    void what_does_not_fit_is_left_to_the_sweep() {
        InFlight inFlight = new InFlight(rows, 2, InFlight.PATIENCE, ticker);
        OutboxEntry first = row(1);
        OutboxEntry second = row(2);
        OutboxEntry third = row(3);
        inFlight.begin(first);
        inFlight.begin(second);
        assertThat(inFlight.isBusyWith(third)).as("it is full").isTrue();
        inFlight.begin(third);

        inFlight.finish(third);
        inFlight.finish(first);
        inFlight.deleteDone();

        assertThat(rows.all()).containsExactly(second, third);
        assertThat(inFlight.isBusyWith(second)).isTrue();
        assertThat(inFlight.isBusyWith(third)).isFalse();
    }

    @Test
    void what_takes_too_long_is_left_to_the_sweep() {
        InFlight inFlight = new InFlight(rows, ticker);
        OutboxEntry late = row(1);
        inFlight.begin(late);
        ticker.advance(InFlight.PATIENCE);
        OutboxEntry young = row(2);
        inFlight.begin(young);
        inFlight.deleteDone();
        assertThat(inFlight.isBusyWith(late)).as("it may take a minute").isTrue();
        ticker.advance(Duration.ofNanos(1));
        inFlight.deleteDone();
        assertThat(inFlight.isBusyWith(young)).isTrue();

        assertThat(inFlight.isBusyWith(late)).isFalse();
        inFlight.finish(late);
        inFlight.deleteDone();
        assertThat(rows.all()).containsExactly(late, young);
    }

    @Test
    void a_row_that_is_announced_twice_at_once_is_deleted_when_one_announcement_completes() {
        InFlight inFlight = new InFlight(rows, ticker);
        OutboxEntry row = row(1);
        inFlight.begin(row);
        inFlight.begin(row);
        inFlight.finish(row);
        inFlight.abandon(row);
        inFlight.deleteDone();

        assertThat(rows.all()).isEmpty();
        assertThat(inFlight.isBusyWith(row)).isFalse();
    }
}
