package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.event.Event;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 in a file, with the URL that it needs: each commit is written at once, and an interrupt does no harm. */
class H2FileEventStoreTest extends JdbiEventStoreContract {
    H2FileEventStoreTest(@TempDir Path directory) {
        super(new TestDatabase(
                "jdbc:h2:async:" + directory.resolve("log") + ";WRITE_DELAY=0;LOCK_TIMEOUT=30000", "sa", ""));
    }

    @Test
    void an_interrupted_sender_does_not_close_the_database() {
        append("orders", "before");
        Thread.currentThread().interrupt();
        Event interrupted = append("orders", "interrupted");

        assertThat(Thread.interrupted()).isTrue();
        Event after = append("orders", "after");
        assertThat(after.previous()).isEqualTo(interrupted.id());
        assertThat(read("orders")).hasSize(3);
    }
}
