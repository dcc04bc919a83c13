package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.base.Throwables;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresEventStoreTest extends JdbiEventStoreContract {
    PostgresEventStoreTest() {
        super(TestDatabase.freshOn(PostgresServer.shared()));
    }

    @Test
    void a_nul_character_is_refused_by_name_without_quoting_the_data() {
        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> store().append(List.of(event("orders", "before"), event("orders", "secret\0"))))
                .withMessageContaining("text with a NUL character, which PostgreSQL cannot keep")
                .satisfies(e -> {
                    assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED);
                    assertThat(Throwables.getStackTraceAsString(e)).doesNotContain("secret");
                });
        assertThat(append("orders", "after").id().sequence()).isEqualTo(1);
    }
}
