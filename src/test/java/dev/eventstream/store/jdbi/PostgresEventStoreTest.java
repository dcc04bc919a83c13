package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.base.Throwables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.testing.Together;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
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

    // --- one statement

    @Test
    void an_append_takes_one_statement_for_any_number_of_events_and_channels_and_the_outbox() {
        Counted counted = new Counted();
        counted.store().append(many(10));

        assertThat(counted.by(() -> counted.store().append(many(10)))).hasSize(1);
        assertThat(counted.by(() -> counted.store().append(many(1)))).hasSize(1);
        assertThat(counted.by(() -> counted.inTransaction(many(10)))).hasSize(1);
        assertThat(counted.by(() -> counted.inTransaction(many(1))))
                .as("which also releases the savepoint")
                .hasSize(1)
                .allSatisfy(sql -> assertThat(sql).contains("RELEASE SAVEPOINT"));
        assertThat(counted.by(() ->
                        counted.store().append(List.of(event("channel-0", "a").withIdempotencyKey("k")))))
                .as("one to lock, one to read the room, one for the key, two to insert")
                .hasSize(5);
    }

    @Test
    void an_append_that_cannot_be_made_in_one_statement_leaves_nothing_behind() {
        store().append(List.of(event("a", "first"), event("b", "first"), NewEvent.end(new ChannelName("b"))));
        List<NewEvent> both = List.of(event("a", "second"), event("b", "second"));

        assertThatExceptionOfType(ChannelFinishedException.class)
                .isThrownBy(() -> store().append(both))
                .withMessageContaining("\"b\"");
        inTransaction(transaction -> {
            assertThatExceptionOfType(ChannelFinishedException.class)
                    .isThrownBy(() -> store().append(transaction, both));
            store().append(transaction, List.of(event("a", "second"), event("new", "first")));
        });

        assertThat(read("a")).extracting(Event::data).containsExactly("first", "second");
        assertThat(read("new")).extracting(Event::data).containsExactly("first");
    }

    @Test
    void appends_to_overlapping_channels_leave_no_gap_and_do_not_deadlock() throws Exception {
        List<List<Event>> sent = Together.run(8, thread -> {
            Random random = new Random(thread);
            List<Event> own = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                List<NewEvent> some = IntStream.range(0, 6)
                        .mapToObj(n -> event("channel-" + random.nextInt(10), "data " + n))
                        .toList();
                own.addAll(store().append(some).events());
            }
            return own;
        });

        List<Event> all = sent.stream().flatMap(List::stream).toList();
        assertThat(all).hasSize(8 * 40 * 6).doesNotHaveDuplicates();
        List<Event> read = IntStream.range(0, 10)
                .mapToObj(i -> read("channel-" + i))
                .flatMap(List::stream)
                .toList();
        assertThat(read).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void no_append_scans_a_whole_table_with_a_cached_plan() {
        Counted counted = new Counted();
        counted.store().append(many(1000));
        counted.jdbi().useHandle(handle -> handle.execute("ANALYZE"));
        List<String> statements = counted.by(() -> {
            counted.store().append(many(10));
            counted.store().append(many(1));
            counted.inTransaction(many(10));
        });

        assertThat(statements)
                .hasSize(3)
                .allSatisfy(sql -> assertThat(keptPlan(sql))
                        .contains("Index Scan using eventstream_channel")
                        .doesNotContain("Seq Scan on eventstream"));
    }

    private String keptPlan(String sql) {
        String numbered = sql;
        for (int i = 1; numbered.contains("?"); i++) {
            numbered = numbered.replaceFirst("\\?", "\\$" + i);
        }
        String prepared = numbered;
        int parameters = sql.length() - sql.replace("?", "").length();
        return database().jdbi().withHandle(handle -> {
            handle.execute("SET plan_cache_mode = force_generic_plan");
            handle.execute("PREPARE kept AS " + prepared);
            try {
                return String.join(
                        "\n",
                        handle.createQuery("EXPLAIN EXECUTE kept(" + "NULL, ".repeat(parameters - 1) + "NULL)")
                                .mapTo(String.class)
                                .list());
            } finally {
                handle.execute("DEALLOCATE kept");
                handle.execute("RESET plan_cache_mode");
            }
        });
    }

    private static List<NewEvent> many(int channels) {
        return IntStream.range(0, 2 * channels)
                .mapToObj(i -> event("channel-" + i % channels, "data"))
                .toList();
    }

    /** A store whose statements are counted, and whose Jdbi has another parser and template engine. */
    private final class Counted {
        private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
        private final Jdbi jdbi = Jdbi.create(database().dataSource());
        private final JdbiEventStore store;

        Counted() {
            store = new JdbiEventStore(jdbi, Clock.systemUTC(), true);
            jdbi.getConfig(SqlStatements.class)
                    .setSqlParser(new HashPrefixSqlParser())
                    .setTemplateEngine((template, context) -> {
                        assertThat(template).doesNotContainPattern("[<:#'\"{}$]");
                        return template;
                    })
                    .setSqlLogger(new SqlLogger() {
                        @Override
                        public void logAfterExecution(StatementContext context) {
                            statements.add(context.getRenderedSql());
                        }
                    });
        }

        JdbiEventStore store() {
            return store;
        }

        Jdbi jdbi() {
            return jdbi;
        }

        List<String> by(Runnable work) {
            statements.clear();
            work.run();
            return List.copyOf(statements);
        }

        void inTransaction(List<NewEvent> events) {
            jdbi.useTransaction(handle -> store.append(new JdbiStoreTransaction(handle), events));
        }
    }
}
