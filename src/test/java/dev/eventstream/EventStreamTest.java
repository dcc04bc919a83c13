package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStoreException;
import io.dropwizard.db.DataSourceFactory;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The guarantees for an application that sends events. */
class EventStreamTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer("eventStream.limits.dataCharacters=100");

    /** Cannot be written as JSON, because its getter throws. */
    public static final class Secretive {
        private final List<String> parts = List.of();

        public String getSecret() {
            return parts.get(0);
        }
    }

    private static EventStream events() {
        return SERVER.events();
    }

    private static HealthCheck.Result health(TestServer server) {
        return server.support().getEnvironment().healthChecks().runHealthCheck("eventstream-store");
    }

    @Test
    void a_call_before_the_bundle_has_run_explains_the_mistake() {
        EventStream early = EventStreamBundle.<TestService.Settings>builder()
                .configuration(settings -> new EventStreamFactory())
                .database(settings -> new DataSourceFactory())
                .build()
                .eventStream();

        for (Runnable call : List.<Runnable>of(
                () -> early.send("a", "message", 1),
                () -> early.send(NewEvent.text("a", "message", "1")),
                () -> SERVER.jdbi().useTransaction(early::in),
                () -> early.announceCommitted(List.of()),
                () -> early.finish("a"),
                () -> early.finish(NewEvent.text("a", "message", "1")),
                () -> early.reopen("a"),
                () -> early.currentEventId("a"),
                () -> early.channelPermissionChanged("ann", "a"),
                () -> early.channelPermissionChanged("a"),
                () -> early.disconnect("ann"))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("EventStreamBundle has not run. If Application.initialize calls bootstrap.addBundle(…)"
                            + " with it, this call is too early: send from Application.run, a resource or a"
                            + " Managed object");
        }
    }

    // ---- data

    @Test
    void data_is_written_by_the_applications_object_mapper() {
        assertThat(events().newEvent("json", "message", Map.of("maybe", Optional.of("\u20AC")))
                        .data())
                .isEqualTo("{\"maybe\":\"\u20AC\"}");
        assertThat(events().newEvent("json", "message", Optional.empty()).data())
                .isEqualTo("null");
    }

    @Test
    void data_that_cannot_be_written_is_refused_and_not_quoted() {
        assertThatThrownBy(() -> events().send("json", "message", new Secretive()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("data of type dev.eventstream.EventStreamTest$Secretive cannot be written as JSON by the"
                        + " ObjectMapper");
        assertThat(events().currentEventId("json")).isEqualTo("json=0-0");
    }

    @Test
    void data_longer_than_the_limit_is_refused() {
        assertThat(events().send(NewEvent.text("limit", "message", "x".repeat(100)))
                        .isStored())
                .isTrue();
        for (String channel : List.of("limit", "unstored-limit")) {
            assertThatThrownBy(() -> events().send(NewEvent.text(channel, "message", "x".repeat(101))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("event of type \"message\" with 101 characters for channel \"" + channel
                            + "\" is too long; eventStream.limits.dataCharacters allows 100");
        }
    }

    @Test
    void a_batch_with_an_invalid_event_sends_nothing() {
        assertThatThrownBy(() -> events().sendAll(List.of(
                        NewEvent.text("batch", "message", "1"), NewEvent.text("batch", "message", "x".repeat(101)))))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(events().currentEventId("batch")).isEqualTo("batch=0-0");
        assertThat(events().sendAll(List.of())).isEmpty();
    }

    // ---- the application's transaction

    @Test
    void events_sent_in_a_transaction_are_delivered_after_its_commit() {
        try (TestStream stream = SERVER.stream("/events?channel=tx").awaitOpen();
                Handle handle = SERVER.jdbi().open()) {
            handle.begin();
            Event sent = events().in(handle).send("tx", "message", "in it");
            assertThat(events().currentEventId("tx")).isEqualTo("tx=0-0");
            assertThat(stream.messages()).isEmpty();
            handle.commit();
            stream.awaitMessages(1);

            assertThat(stream.messages().get(0).id()).isEqualTo("tx=" + sent.id());
        }
    }

    @Test
    void a_send_that_bypasses_the_threads_open_transaction_is_refused_at_once() {
        try (Handle handle = SERVER.jdbi().open()) {
            handle.begin();
            events().in(handle).send("self", "message", 1);
            long start = System.nanoTime();
            assertThatThrownBy(() -> events().send("self", "message", 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("channel \"self\"")
                    .hasMessageContaining("eventStream.in(handle).send(…)");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            handle.commit();
            assertThat(events().send("self", "message", 2).id().sequence()).isEqualTo(2);
        }
    }

    @Test
    void sends_work_again_after_the_transaction_commits_or_rolls_back() {
        try (Handle handle = SERVER.jdbi().open()) {
            handle.begin();
            events().in(handle).send("ended", "message", "never");
            handle.rollback();
            assertThat(events().send("ended", "message", 1).id().sequence()).isEqualTo(1);
            handle.begin();
            handle.savepoint("before");
            events().in(handle).send("ended", "message", "never");
            handle.rollbackToSavepoint("before");
            assertThat(events().send("ended", "message", 2).id().sequence()).isEqualTo(2);
            handle.commit();
        }
        SERVER.jdbi().useTransaction(outer -> {
            outer.inTransaction(inner -> events().in(inner).send("ended", "message", 3));
            assertThatThrownBy(() -> events().send("ended", "message", 4)).isInstanceOf(IllegalStateException.class);
            outer.afterCommit(() -> events().send("ended", "message", 4));
        });
        assertThat(events().currentEventId("ended")).endsWith("-4");
    }

    @Test
    void a_send_that_bypasses_a_connections_transaction_is_refused_until_it_ends() throws SQLException {
        try (Handle handle = SERVER.jdbi().open()) {
            Connection connection = handle.getConnection();
            connection.setAutoCommit(false);
            events().in(connection).send("self-connection", "message", 1);
            assertThatThrownBy(() -> events().send("self-connection", "message", 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("eventStream.in(connection).send(…)");
            connection.commit();
            assertThat(events().send("self-connection", "message", 2).isStored())
                    .isTrue();
            events().in(connection).send("self-connection", "message", "never");
            connection.rollback();
            assertThat(events().send("self-connection", "message", 3).isStored())
                    .isTrue();
            connection.setAutoCommit(true);
        }
    }

    @Test
    void a_rollback_leaves_no_event_and_its_ids_are_reused() {
        Event before = events().send("undone", "message", 1);
        try (TestStream stream = SERVER.stream("/events?channel=undone").awaitOpen()) {
            assertThatThrownBy(() -> SERVER.jdbi().useTransaction(handle -> {
                        events().in(handle).send("undone", "message", "never");
                        throw new IOException("the order was refused");
                    }))
                    .hasMessage("the order was refused");
            Event after = events().send("undone", "message", "next");
            stream.awaitMessages(1);

            assertThat(after.id().sequence()).isEqualTo(before.id().sequence() + 1);
            assertThat(stream.messages()).hasSize(1);
            assertThat(stream.text()).doesNotContain("never");
        }
    }

    @Test
    void events_rolled_back_to_a_savepoint_are_not_delivered() {
        try (TestStream stream = SERVER.stream("/events?channel=savepoint").awaitOpen()) {
            SERVER.jdbi().useTransaction(handle -> {
                handle.savepoint("before");
                events().in(handle).send("savepoint", "message", "never");
                handle.rollbackToSavepoint("before");
            });
            Event sent = events().send("savepoint", "message", "next");
            stream.awaitMessages(1);

            assertThat(sent.id().sequence()).isEqualTo(1);
            assertThat(stream.messages()).hasSize(1);
            assertThat(stream.text()).contains("next").doesNotContain("never");
        }
    }

    @Test
    void events_sent_on_a_connection_are_delivered_after_its_commit_whether_reported_or_not() throws SQLException {
        try (TestStream stream = SERVER.stream("/events?channel=connection").awaitOpen();
                Handle handle = SERVER.jdbi().open()) {
            Connection connection = handle.getConnection();
            connection.setAutoCommit(false);
            Event first = events().in(connection).send("connection", "message", 1);
            connection.commit();
            events().announceCommitted(List.of(first));
            stream.awaitMessages(1);
            events().in(connection).send("connection", "message", 2);
            connection.commit();
            stream.awaitMessages(2);

            assertThat(stream.messages()).hasSize(2);
            events().in(connection).send("connection", "message", 3);
            connection.rollback();
            assertThat(events().currentEventId("connection")).endsWith("-2");
            connection.setAutoCommit(true);
        }
    }

    @Test
    void a_connection_with_auto_commit_is_refused() throws SQLException {
        try (Handle handle = SERVER.jdbi().open()) {
            assertThatThrownBy(() -> events().in(handle.getConnection()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("auto-commit is on for the connection");
        }
    }

    @Test
    void a_handle_without_a_transaction_is_refused() {
        try (Handle handle = SERVER.jdbi().open()) {
            assertThatThrownBy(() -> events().in(handle))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the handle is in no transaction, so nothing could be sent within it; send inside"
                            + " jdbi.inTransaction(...), handle.inTransaction(...) or a method with @Transaction");
        }
        assertThat(events().currentEventId("tx-less")).isEqualTo("tx-less=0-0");
    }

    // ---- metrics and health

    private static long timed(String name) {
        return SERVER.support().getEnvironment().metrics().timer(name).getCount();
    }

    @Test
    void metrics_count_events_and_streams() {
        // those of other tests
        await().until(() -> SERVER.openStreams() == 0);
        long sent = SERVER.metered("eventstream.events.sent");
        long delivered = SERVER.metered("eventstream.events.delivered");
        long gone = SERVER.counted("eventstream.streams.ended.client-gone");
        long forbidden = SERVER.counted("eventstream.streams.ended.forbidden");
        long changes = SERVER.metered("eventstream.rights.changes");
        long timed = timed("eventstream.latency");
        long started = timed("eventstream.catch-ups.delay");
        long appends = timed("eventstream.append");
        try (TestStream stream = SERVER.stream("/events?channel=counted").awaitOpen()) {
            await().until(() -> SERVER.openStreams() >= 1);
            events().send("counted", "message", 1);
            events().sendAll(List.of(
                    NewEvent.text("counted", "message", "2"), NewEvent.text("unstored-counted", "message", "3")));
            stream.awaitMessages(2);
        }
        try (TestStream stream = SERVER.stream("/events?channel=counted-2", "Authorization", TestServer.basic("ann"))
                .awaitOpen()) {
            SERVER.service().revoked.add("ann counted-2");
            events().channelPermissionChanged("ann", "counted-2");
            stream.awaitEnd();
        }

        await().untilAsserted(() -> {
            assertThat(SERVER.metered("eventstream.events.sent")).isEqualTo(sent + 3);
            assertThat(SERVER.metered("eventstream.events.delivered")).isEqualTo(delivered + 2);
            assertThat(SERVER.counted("eventstream.streams.ended.client-gone")).isEqualTo(gone + 1);
            assertThat(SERVER.counted("eventstream.streams.ended.forbidden")).isEqualTo(forbidden + 1);
            assertThat(timed("eventstream.append")).isEqualTo(appends + 2);
            // the two sends may be handed out together
            assertThat(timed("eventstream.latency")).isBetween(timed + 1, timed + 2);
            assertThat(timed("eventstream.catch-ups.delay")).isEqualTo(started + 2);
            assertThat(SERVER.metered("eventstream.rights.changes")).isGreaterThan(changes);
            assertThat(SERVER.openStreams()).isZero();
        });
        assertThat(SERVER.support().getEnvironment().metrics().getNames())
                .filteredOn(name -> name.startsWith("eventstream."))
                .containsExactlyInAnyOrder(
                        "eventstream.announce.failures",
                        "eventstream.append",
                        "eventstream.bus.lag",
                        "eventstream.bus.nodes",
                        "eventstream.bus.received",
                        "eventstream.bus.sent",
                        "eventstream.bus.unreadable",
                        "eventstream.catch-ups",
                        "eventstream.catch-ups.delay",
                        "eventstream.catch-ups.waiting",
                        "eventstream.events.delivered",
                        "eventstream.events.sent",
                        "eventstream.events.trimmed",
                        "eventstream.feeds",
                        "eventstream.feeds.limit",
                        "eventstream.latency",
                        "eventstream.log.age-seconds",
                        "eventstream.log.bytes",
                        "eventstream.log.events",
                        "eventstream.log.gone-back",
                        "eventstream.loop.bus-receive.failures",
                        "eventstream.loop.bus-send.failures",
                        "eventstream.loop.catch-up.failures",
                        "eventstream.loop.fan-out-0.failures",
                        "eventstream.loop.permissions.failures",
                        "eventstream.loop.poll.failures",
                        "eventstream.loop.recheck.failures",
                        "eventstream.loop.retention.failures",
                        "eventstream.memory.limit",
                        "eventstream.memory.pages",
                        "eventstream.memory.recent-events",
                        "eventstream.memory.used",
                        "eventstream.overflows",
                        "eventstream.posts.open",
                        "eventstream.publish.billing.events",
                        "eventstream.publish.bulk.events",
                        "eventstream.publish.slow.events",
                        "eventstream.publish.token-0.events",
                        "eventstream.refused.after-error",
                        "eventstream.refused.anonymous-links",
                        "eventstream.refused.bad-request",
                        "eventstream.refused.channel-sets-per-address",
                        "eventstream.refused.cross-site",
                        "eventstream.refused.failed",
                        "eventstream.refused.feeds",
                        "eventstream.refused.forbidden",
                        "eventstream.refused.new-streams",
                        "eventstream.refused.new-streams-per-address",
                        "eventstream.refused.publish-at-once",
                        "eventstream.refused.publish-channel",
                        "eventstream.refused.publish-failed",
                        "eventstream.refused.publish-finished",
                        "eventstream.refused.publish-invalid",
                        "eventstream.refused.publish-rate",
                        "eventstream.refused.publish-token",
                        "eventstream.refused.signature",
                        "eventstream.refused.starts-at-once",
                        "eventstream.refused.streams",
                        "eventstream.refused.streams-per-address",
                        "eventstream.refused.streams-per-principal",
                        "eventstream.refused.unauthorized",
                        "eventstream.retention.behind-seconds",
                        "eventstream.rights.changes",
                        "eventstream.rights.disconnections",
                        "eventstream.sends.waiting",
                        "eventstream.sends.waiting-for-locks",
                        "eventstream.starts.waiting",
                        "eventstream.streams.addresses",
                        "eventstream.streams.ended.aged",
                        "eventstream.streams.ended.client-gone",
                        "eventstream.streams.ended.disconnected",
                        "eventstream.streams.ended.expired",
                        "eventstream.streams.ended.failed",
                        "eventstream.streams.ended.finished",
                        "eventstream.streams.ended.forbidden",
                        "eventstream.streams.ended.shutdown",
                        "eventstream.streams.ended.overloaded",
                        "eventstream.streams.ended.stalled",
                        "eventstream.streams.limit",
                        "eventstream.streams.open");
    }

    @Test
    void a_readable_log_is_healthy() {
        assertThat(health(SERVER).isHealthy()).isTrue();
    }

    @Test
    void an_unreachable_database_is_reported_within_seconds_and_blocks_no_caller() throws Exception {
        TestServer server = TestServer.withoutDatabase(
                "database.initialSize=0", "database.minSize=0", "database.maxWaitForConnection=2s");
        server.support().before();
        try {
            long start = System.nanoTime();
            HealthCheck.Result result = health(server);
            assertThat(result.isHealthy()).isFalse();
            assertThat(result.getMessage()).startsWith("the log cannot be read: the database failed (SQLState 90067");
            assertThatThrownBy(() -> server.events().send("a", "message", 1))
                    .isInstanceOfSatisfying(
                            EventStoreException.class,
                            e -> assertThat(e.outcome()).isEqualTo(EventStoreException.Outcome.NOT_STORED));
            assertThat(RawHttp.get(server.port(), "/events?channel=a").body())
                    .startsWith("retry: ")
                    .contains("\"condition\":\"internal-error\"")
                    .doesNotContain("id:");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        } finally {
            server.stop();
        }
    }
}
