package dev.eventstream.store.jdbi;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** H2 in a file, each commit written at once. */
class H2FileEventStoreTest extends JdbiEventStoreContract {
    H2FileEventStoreTest(@TempDir Path directory) {
        super(new TestDatabase(
                "jdbc:h2:file:" + directory.resolve("log") + ";WRITE_DELAY=0;LOCK_TIMEOUT=30000", "sa", ""));
    }
}
