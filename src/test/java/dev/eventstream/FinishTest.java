package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an application may do with channels that are or become finished. */
class FinishTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static EventStream events() {
        return SERVER.events();
    }

    private static void assertFinished(String channel, ThrowingCallable send) {
        assertThatThrownBy(send)
                .isInstanceOf(ChannelFinishedException.class)
                .hasMessage("channel \"" + channel
                        + "\" is finished, so nothing was sent; eventStream.reopen(channel) opens a"
                        + " finished channel again")
                .extracting(failure -> ((ChannelFinishedException) failure).outcome())
                .isEqualTo(Outcome.NOT_STORED);
    }

    @Test
    void a_send_to_a_finished_channel_fails_and_sends_nothing() {
        events().finish("late");
        String end = events().currentEventId("late");

        assertFinished("late", () -> events().send("late", "message", 1));
        assertFinished(
                "late",
                () -> events().sendAll(
                                List.of(NewEvent.text("open", "message", "1"), NewEvent.text("late", "message", "2"))));

        assertThat(events().currentEventId("late")).isEqualTo(end);
        assertThat(events().currentEventId("open")).isEqualTo("open=0-0");
    }

    @Test
    void finishing_twice_succeeds() {
        events().finish("twice");
        String end = events().currentEventId("twice");
        events().finish("twice");

        assertThat(events().currentEventId("twice")).isEqualTo(end);
    }

    @Test
    void a_last_event_is_never_dropped_silently() {
        NewEvent last = NewEvent.text("last", "message", "done");
        events().finish(last);

        assertFinished("last", () -> events().finish(last));
    }

    @Test
    void a_finish_with_a_keyed_last_event_can_be_repeated() {
        NewEvent last = NewEvent.text("keyed", "message", "done").withIdempotencyKey("k");
        Event first = events().finish(last);

        assertThat(events().finish(last)).isEqualTo(first);
        assertThat(events().send(last)).isEqualTo(first);
    }

    @Test
    void a_channel_that_is_not_stored_cannot_finish() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> events().finish("unstored-a"),
                () -> events().finish(NewEvent.text("unstored-a", "message", "1")),
                () -> events().reopen("unstored-a"),
                () -> SERVER.jdbi().useTransaction(handle -> events().in(handle).finish("unstored-a")))) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "channel \"unstored-a\" matches eventStream.unstored; only a stored channel can be finished,"
                                    + " because its log tells readers where it ends");
        }
    }

    @Test
    void a_name_that_is_not_allowed_cannot_finish() {
        assertThatThrownBy(() -> events().finish("a\nb")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> events().finish("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> events().reopen("x".repeat(256))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_unknown_channel_can_be_finished_and_reopening_an_open_one_changes_nothing() {
        events().reopen("unknown");
        assertThat(events().currentEventId("unknown")).isEqualTo("unknown=0-0");
        events().send("unknown", "message", 1);
        String before = events().currentEventId("unknown");
        events().reopen("unknown");

        assertThat(events().currentEventId("unknown")).isEqualTo(before);
    }

    @Test
    void a_transaction_sees_its_own_finish_and_continues_after_a_refused_send() {
        SERVER.jdbi().useTransaction(handle -> {
            TransactionalEventStream transaction = events().in(handle);
            transaction.send("own", "message", 1);
            transaction.finish(NewEvent.text("own", "message", "2"));
            transaction.finish("own");
            assertFinished("own", () -> transaction.send("own", "message", 3));
            transaction.send("own-log", "message", "sent after the failure");
        });

        assertThat(events().currentEventId("own")).endsWith("-2");
        assertThat(events().currentEventId("own-log")).endsWith("-1");
        assertFinished("own", () -> events().send("own", "message", 4));
    }

    @Test
    void a_rollback_undoes_a_finish() {
        SERVER.jdbi().useTransaction(handle -> {
            events().in(handle).finish("undone");
            handle.rollback();
        });

        assertThat(events().send("undone", "message", 1).id().sequence()).isEqualTo(1);
    }

    @Test
    void a_rollback_to_a_savepoint_undoes_a_finish() {
        SERVER.jdbi().useTransaction(handle -> {
            TransactionalEventStream transaction = events().in(handle);
            transaction.send("partly", "message", 1);
            handle.savepoint("here");
            transaction.finish("partly");
            handle.rollbackToSavepoint("here");
            transaction.send("partly", "message", 2);
        });

        assertThat(events().currentEventId("partly")).endsWith("-2");
    }

    @Test
    void a_finish_outside_a_transaction_that_has_sent_is_refused_like_a_send() {
        SERVER.jdbi().useTransaction(handle -> {
            events().in(handle).send("held", "message", 1);
            assertThatThrownBy(() -> events().finish("held")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> events().reopen("held")).isInstanceOf(IllegalStateException.class);
        });
    }

    private static RawHttp.Answer post(String body) throws IOException {
        return RawHttp.post(
                SERVER.port(),
                "/events",
                body.getBytes(StandardCharsets.UTF_8),
                "Authorization: Bearer a-token-for-the-tests",
                "Content-Type: application/json");
    }

    @Test
    void a_program_that_posts_to_a_finished_channel_gets_409() throws IOException {
        events().finish("posted");

        RawHttp.Answer answer = post("{\"channel\":\"posted\",\"data\":1}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body())
                .isEqualTo("{\"message\":\"channel \\\"posted\\\" is finished, so nothing was sent;"
                        + " eventStream.reopen(channel) opens a finished channel again\"}");
    }

    @Test
    void no_program_can_post_an_end() throws IOException {
        RawHttp.Answer answer = post("{\"channel\":\"forged\",\"type\":\"stream-end\",\"text\":\"\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(events().currentEventId("forged")).isEqualTo("forged=0-0");
    }

    @Test
    void streams_that_have_ended_in_this_way_are_counted() {
        long before = SERVER.counted("eventstream.streams.ended.finished");
        try (TestStream stream = SERVER.stream("/events?channel=counted").awaitOpen()) {
            events().finish("counted");
            stream.awaitEnd();
        }

        await().until(() -> SERVER.counted("eventstream.streams.ended.finished") == before + 1);
    }
}
