package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendTimeoutTest {
    private final SettableTicker ticker = new SettableTicker();
    private final SendTimeout timeout = new SendTimeout(Duration.ofSeconds(10), ticker);
    private final PendingSend send = new PendingSend(List.of(NewEvent.text("a", "message", "x")), ticker.read());

    @Test
    void a_send_is_late_once_its_time_is_over() {
        assertThat(timeout.nanosLeft(send)).isEqualTo(Duration.ofSeconds(10).toNanos());
        ticker.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(timeout.nanosLeft(send)).isEqualTo(1);
        assertThat(timeout.isLate(send)).isFalse();

        ticker.advance(Duration.ofNanos(1));
        assertThat(timeout.isLate(send)).isTrue();
        ticker.advance(Duration.ofNanos(1));
        assertThat(timeout.nanosLeft(send)).isZero();
        assertThat(timeout.isLate(send)).isTrue();
    }

    @Test
    void the_failures_name_the_wait_and_its_setting() {
        ticker.advance(Duration.ofMillis(10_001));

        assertNotStored(
                timeout.lockedTooLong(send, new ChannelName("a")),
                "1 event(s) for channel \"a\" were not stored: waited 10001 ms for channel \"a\", which another"
                        + " transaction keeps locked; eventStream.sendTimeout allows no more");
        assertNotStored(
                timeout.queuedTooLong(send),
                "1 event(s) for channel \"a\" were not stored: waited 10001 ms for the database to store earlier sends;"
                        + " eventStream.sendTimeout allows no more");
    }

    private static void assertNotStored(EventStoreException failure, String message) {
        assertThat(failure).hasMessage(message);
        assertThat(failure.outcome()).isEqualTo(Outcome.NOT_STORED);
    }
}
