package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.jdbi.Interleavings.PositionRead;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The state that a transaction reads, together with the events after the position that it reads, is the state of the server.
 * The steps of concurrent transactions are shuffled, with a seed that a failure names.
 */
class StateThenStreamTest {
    private static final int ON_H2 = 10_000;
    private static final int ON_A_SERVER = 500;

    private static final PositionRead OF_THE_STORE = (store, transaction, channels) ->
            LogEnd.start(store.ends(transaction, channels)).positions();

    /** Reads within the transaction at any isolation level. */
    private static final PositionRead UNCHECKED =
            (store, transaction, channels) -> new ChannelDao(Transactions.openHandle(transaction), new H2Dialect())
                    .find(channels).entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, row -> row.getValue().newestPosition()));

    private static TestDatabase h2() {
        return new TestDatabase(TestDatabase.h2InMemory(), "sa", "");
    }

    private static TestDatabase postgres() {
        return TestDatabase.freshOn(PostgresServer.shared());
    }

    private static TestDatabase mariaDb() {
        return TestDatabase.freshOn(MariaDbServer.shared());
    }

    static Stream<Arguments> sufficient() {
        return Stream.of(
                database("H2", StateThenStreamTest::h2, Connection.TRANSACTION_SERIALIZABLE, ON_H2),
                database("H2 (SNAPSHOT)", StateThenStreamTest::h2, 6, ON_A_SERVER),
                database(
                        "PostgreSQL",
                        StateThenStreamTest::postgres,
                        Connection.TRANSACTION_REPEATABLE_READ,
                        ON_A_SERVER),
                database("PostgreSQL", StateThenStreamTest::postgres, Connection.TRANSACTION_SERIALIZABLE, 100),
                database("MariaDB", StateThenStreamTest::mariaDb, Connection.TRANSACTION_REPEATABLE_READ, ON_A_SERVER));
    }

    static Stream<Arguments> insufficient() {
        return Stream.of(
                database("H2", StateThenStreamTest::h2, Connection.TRANSACTION_READ_COMMITTED, ON_A_SERVER),
                database("H2", StateThenStreamTest::h2, Connection.TRANSACTION_REPEATABLE_READ, ON_A_SERVER),
                database(
                        "PostgreSQL",
                        StateThenStreamTest::postgres,
                        Connection.TRANSACTION_READ_COMMITTED,
                        ON_A_SERVER),
                database("MariaDB", StateThenStreamTest::mariaDb, Connection.TRANSACTION_READ_COMMITTED, ON_A_SERVER));
    }

    private static Arguments database(String name, Supplier<TestDatabase> database, int level, int readings) {
        return Arguments.of(name, database, level, readings);
    }

    // ten seconds of processor time on H2, which take longer on a busy machine
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @ParameterizedTest(name = "{0}, isolation level {2}, {3} interleaved readers")
    @MethodSource("sufficient")
    void state_and_later_events_are_the_state_of_the_server_however_transactions_interleave(
            String name, Supplier<TestDatabase> fresh, int level, int readings) throws Exception {
        try (TestDatabase database = fresh.get();
                Interleavings interleavings = new Interleavings(database, level, OF_THE_STORE)) {
            for (int seed = 0; seed < readings / Interleavings.READERS; seed++) {
                interleavings.run(seed);
            }

            assertThat(interleavings.wrong()).isEmpty();
            // without changes between the reads of a transaction, any isolation level would do
            assertThat(interleavings.changedMeanwhile()).isGreaterThan(readings / 4);
        }
    }

    @ParameterizedTest(name = "{0}, isolation level {2}")
    @MethodSource("insufficient")
    void a_lower_isolation_level_would_lose_events_or_repeat_them(
            String name, Supplier<TestDatabase> fresh, int level, int readings) throws Exception {
        try (TestDatabase database = fresh.get();
                Interleavings interleavings = new Interleavings(database, level, UNCHECKED)) {
            for (int seed = 0; seed < readings / Interleavings.READERS; seed++) {
                interleavings.run(seed);
            }

            assertThat(interleavings.wrong()).isNotEmpty();
        }
    }

    @ParameterizedTest(name = "{0}, isolation level {2}")
    @MethodSource("insufficient")
    void a_lower_isolation_level_is_refused(String name, Supplier<TestDatabase> fresh, int level, int readings)
            throws Exception {
        try (TestDatabase database = fresh.get();
                Interleavings interleavings = new Interleavings(database, level, OF_THE_STORE)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> interleavings.run(1))
                    .withMessageContaining(
                            level == Connection.TRANSACTION_READ_COMMITTED ? "is READ COMMITTED" : "is REPEATABLE READ")
                    .withMessageContaining("SERIALIZABLE");
        }
    }

    @Test
    void a_channel_that_is_created_in_the_meantime_is_read_from_its_beginning() throws Exception {
        try (TestDatabase database = h2();
                Interleavings interleavings =
                        new Interleavings(database, Connection.TRANSACTION_SERIALIZABLE, OF_THE_STORE)) {
            assertThat(interleavings.positionBeforeAndAfterCreation(new ChannelName("new")))
                    .isEqualTo(List.of("0-0", "0-0"));
        }
    }
}
