package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.base.Throwables;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.event.Event;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import org.junit.jupiter.api.Test;

class MariaDbEventStoreTest extends JdbiEventStoreContract {
    MariaDbEventStoreTest() {
        super(TestDatabase.freshOn(MariaDbServer.shared()));
    }

    @Test
    void a_nul_character_is_kept() {
        Event event = append("orders", "a\0b");

        assertThat(read("orders")).containsExactly(event);
    }

    @Test
    void an_event_that_is_larger_than_a_packet_of_the_server_is_refused_for_that() {
        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> append("orders", "secret".repeat(3_000_000)))
                .withMessageContaining("larger than the server's max_allowed_packet")
                .satisfies(e -> {
                    assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED);
                    assertThat(Throwables.getStackTraceAsString(e)).doesNotContain("secret");
                });
        assertThat(append("orders", "after").id().sequence()).isEqualTo(1);
    }
}
