package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.database.Changelog;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.database.PgBouncer;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.doctor.DatabaseFindings;
import dev.eventstream.doctor.Finding;
import dev.eventstream.store.jdbi.DatabaseFacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code events doctor} finds about servers of databases. */
class DoctorOfDatabasesTest {
    private static final PostgresServer POSTGRES = PostgresServer.shared();

    @TempDir
    Path directory;

    private CommandRun doctor(String driver, String url, String user, String pool) throws Exception {
        Path file = Files.writeString(
                directory.resolve("config.yml"),
                """
                server: {requestLog: {appenders: []}}
                database: {driverClass: DRIVER, url: 'URL', user: 'USER', password: ''POOL}
                eventStream: {}
                """.replace("DRIVER", driver)
                        .replace("URL", url)
                        .replace("USER", user)
                        .replace("POOL", pool),
                StandardCharsets.UTF_8);
        return CommandRun.of("events", "doctor", file.toString());
    }

    private CommandRun doctorOfPostgres(String url, String pool) throws Exception {
        return doctor("org.postgresql.Driver", url, POSTGRES.user(), pool);
    }

    private static String migrated() throws Exception {
        String database = POSTGRES.freshDatabase();
        Changelog.APPLICATION.apply(POSTGRES.connect(database));
        return database;
    }

    @Test
    void postgres_with_small_pools_passes_every_check() throws Exception {
        CommandRun run = doctorOfPostgres(POSTGRES.jdbcUrl(migrated()), ", maxSize: 16");

        assertThat(run.out())
                .startsWith("passed: configuration, ")
                .contains("pool-size, pooler, bus\n")
                .endsWith("0 errors, 0 warnings\n");
        assertThat(run.status()).isZero();
    }

    @Test
    void mariadb_with_small_pools_passes_every_check() throws Exception {
        MariaDbServer server = MariaDbServer.shared();
        String database = server.freshDatabase();
        Changelog.APPLICATION.apply(server.connect(database));

        CommandRun run = doctor("org.mariadb.jdbc.Driver", server.jdbcUrl(database), server.user(), ", maxSize: 16");

        assertThat(run.out())
                .startsWith("passed: configuration, ")
                .contains("pool-size, pooler, bus\n")
                .endsWith("0 errors, 0 warnings\n");
    }

    @Test
    void pools_that_are_larger_than_the_server_are_a_warning() throws Exception {
        int most = Jdbi.create(POSTGRES.jdbcUrl("postgres"), POSTGRES.user(), "")
                .withHandle(handle -> handle.createQuery("SELECT current_setting('max_connections')::int")
                        .mapTo(Integer.class)
                        .one());

        CommandRun run = doctorOfPostgres(POSTGRES.jdbcUrl(migrated()), ", maxSize: 1000");

        assertThat(run.out())
                .startsWith("""
                        WARNING  pool-size
                          problem  database.maxSize is 1000, and each node has two such pools: the application's and the bundle's; the server accepts MOST connections in all (max_connections)
                          why      under load, a node is refused connections, and so is db migrate
                          change   with N nodes, set database.maxSize below MOST / 2N, such as maxSize: FEW for three nodes; or raise max_connections
                        """.replace("MOST", Integer.toString(most)).replace("FEW", Integer.toString(most / 8)));
    }

    @Test
    void a_pooler_in_transaction_mode_is_a_warning() throws Exception {
        String database = migrated();
        try (PgBouncer pooler = PgBouncer.start(POSTGRES, database, PgBouncer.PoolMode.TRANSACTION)) {
            CommandRun run = doctorOfPostgres(
                    pooler.jdbcUrl() + (pooler.jdbcUrl().contains("?") ? "&" : "?") + "prepareThreshold=0",
                    ", maxSize: 16");

            assertThat(run.out()).startsWith("""
                    WARNING  pooler
                      problem  database.url leads to a pooler in transaction mode, such as PgBouncer
                      why      statements that the driver has prepared on one connection of the server are missing on the next ("prepared statement S_1 does not exist"), and the bus postgres gets no notifications
                      change   add prepareThreshold=0 to database.url, or use session mode; PgBouncer 1.21 or later can also have max_prepared_statements; let eventStream.bus.url of the bus postgres lead to PostgreSQL itself
                    """);
        }
    }

    @Test
    void a_pooler_in_session_mode_passes() throws Exception {
        String database = migrated();
        try (PgBouncer pooler = PgBouncer.start(POSTGRES, database, PgBouncer.PoolMode.SESSION)) {
            assertThat(doctorOfPostgres(pooler.jdbcUrl(), ", maxSize: 16").out())
                    .endsWith("0 errors, 0 warnings\n");
        }
    }

    @Test
    void a_level_at_which_sends_conflict_is_a_warning() throws Exception {
        CommandRun run = doctorOfPostgres(
                POSTGRES.jdbcUrl(migrated()), ", maxSize: 16, defaultTransactionIsolation: repeatable-read");

        assertThat(run.out())
                .startsWith(
                        "WARNING  isolation\n  problem  connections to PostgreSQL begin at the isolation level REPEATABLE_READ\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  4 |         |",
                " -4 |         |",
                "  6 | WARNING | ahead of",
                " -6 | WARNING | behind",
                "-3660 | ERROR | behind",
                " 3660 | ERROR | ahead of",
            })
    void a_clock_that_differs_is_found(int secondsAhead, String severity, String direction) {
        Jdbi jdbi = Jdbi.create("jdbc:h2:mem:" + UUID.randomUUID());
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-secondsAhead));

        DatabaseFacts facts = DatabaseFacts.read(jdbi, clock);

        assertThat(facts.clockAhead())
                .isBetween(Duration.ofSeconds(secondsAhead - 1), Duration.ofSeconds(secondsAhead + 1));
        List<Finding> findings = DatabaseFindings.of(facts, OptionalInt.of(100), new EventStreamFactory());
        if (severity == null) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings).singleElement().satisfies(finding -> {
                assertThat(finding.check()).isEqualTo("clock");
                assertThat(finding.severity()).hasToString(severity);
                assertThat(finding.problem())
                        .matches("the clock of the database is \\d+ s " + direction + " the clock of this machine");
            });
        }
    }
}
