package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.database.Changelog;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.database.PostgresServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The change sets of {@code migrations.xml}. Nothing has been released yet. From the first release on, a copy of the released
 * changelog belongs in the test resources, and a test that upgrades a filled log from it belongs here.
 */
class UpgradeTest {
    private static final List<String> TABLES = List.of(
            "eventstream_channel",
            "eventstream_event",
            "eventstream_outbox",
            "eventstream_lease",
            "eventstream_message");

    interface Start {
        TestDatabase empty();
    }

    static Stream<Start> databases() {
        return Stream.of(
                () -> new TestDatabase(TestDatabase.h2InMemory(), "sa", ""),
                () -> TestDatabase.freshOn(PostgresServer.shared()),
                () -> TestDatabase.freshOn(MariaDbServer.shared()));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void every_change_set_belongs_to_the_first_version_of_the_tables(Start start) throws Exception {
        try (TestDatabase database = start.empty()) {
            Map<String, String> checksums = Changelog.APPLICATION.checksums(database.connect());

            assertThat(checksums.keySet())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(name).contains("migrations.xml::1-"));
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void the_tables_have_their_final_names(Start start) {
        try (TestDatabase database = start.empty()) {
            database.migrate();

            assertThat(TABLES)
                    .allSatisfy(table -> assertThat(database.jdbi()
                                    .<Integer, RuntimeException>withHandle(
                                            handle -> handle.createQuery("SELECT COUNT(*) FROM " + table)
                                                    .mapTo(Integer.class)
                                                    .one()))
                            .isZero());
        }
    }
}
