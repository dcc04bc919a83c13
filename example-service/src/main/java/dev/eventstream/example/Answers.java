package dev.eventstream.example;

import dev.eventstream.EventStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Answers that are written word by word, each in a channel that is finished after the last word. A word and the job's position commit
 * together, so each word is sent once, whichever node sends it. Whoever knows the id of an answer may read it.
 *
 * <p>Thread-safe.
 */
final class Answers {
    /** The most answers that are being written at a time, on all nodes. */
    static final int MAX_RUNNING = 8;

    /** How long an answer can be read after its last word; config.yml keeps its events a little longer. */
    static final Duration AGE = Duration.ofHours(1);

    /** An answer without a new word for this long has lost the node that was writing it. */
    private static final Duration ABANDONED = Duration.ofSeconds(3);

    /** The shortest time between two words. */
    private static final Duration PAUSE = Duration.ofMillis(60);

    private static final String LOCK = "answers";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final Jdbi jdbi;
    private final EventStream events;
    private final Clock clock;

    Answers(Jdbi jdbi, EventStream events, Clock clock) {
        this.jdbi = jdbi;
        this.events = events;
        this.clock = clock;
    }

    /** A word as the data of an event; the first has the number 1. */
    record Word(int number, String text) {}

    private record Progress(Question question, int written) {}

    /** Starts an answer, with an event that contains the question. Returns its id; empty if too many are being written. */
    Optional<String> start(Question question) {
        Instant now = clock.instant();
        return jdbi.inTransaction(handle -> {
            // one start at a time: otherwise two could both find room for one
            if (Turns.take(handle, LOCK, Duration.ZERO, now).isEmpty() || running(handle) >= MAX_RUNNING) {
                return Optional.empty();
            }
            deleteOld(handle, now);
            String id = UUID.randomUUID().toString().replace("-", "");
            handle.createUpdate("insert into demo_answer (id, question, written, written_at, is_complete)"
                            + " values (:id, :question, 0, :now, false)")
                    .bind("id", id)
                    .bind("question", question.label())
                    .bind("now", now.toEpochMilli())
                    .execute();
            Map<String, Object> data = Map.of(
                    "question", question.text(), "words", question.words().size());
            events.in(handle).send(channel(id), "question", data);
            return Optional.of(id);
        });
    }

    private static int running(Handle handle) {
        return handle.createQuery("select count(*) from demo_answer where is_complete = false")
                .mapTo(int.class)
                .one();
    }

    private static void deleteOld(Handle handle, Instant now) {
        handle.createUpdate("delete from demo_answer where is_complete = true and written_at < :oldest")
                .bind("oldest", now.minus(AGE).toEpochMilli())
                .execute();
    }

    /** Whether there is an answer with the id, complete or not. */
    boolean exists(String id) {
        if (!ID.matcher(id).matches()) {
            return false;
        }
        long oldest = clock.instant().minus(AGE).toEpochMilli();
        return jdbi.withHandle(handle ->
                handle.createQuery("select count(*) from demo_answer where id = :id and written_at >= :oldest")
                                .bind("id", id)
                                .bind("oldest", oldest)
                                .mapTo(int.class)
                                .one()
                        == 1);
    }

    /** The answers that nobody is writing any more, although they are not complete. */
    List<String> abandoned() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select id from demo_answer where is_complete = false and written_at < :latest")
                .bind("latest", clock.instant().minus(ABANDONED).toEpochMilli())
                .mapTo(String.class)
                .list());
    }

    /**
     * Sends the next word, unless another node has just sent one.
     *
     * @return whether the answer needs more words
     */
    boolean writeNext(String id) {
        Instant now = clock.instant();
        return jdbi.inTransaction(handle -> {
            int updated = handle.createUpdate("update demo_answer set written = written + 1, written_at = :now"
                            + " where id = :id and is_complete = false and written_at <= :due")
                    .bind("id", id)
                    .bind("now", now.toEpochMilli())
                    .bind("due", now.minus(PAUSE).toEpochMilli())
                    .execute();
            Optional<Progress> progress = progress(handle, id);
            if (updated == 1) {
                progress.ifPresent(next -> send(handle, id, next));
            }
            return progress.filter(
                            next -> next.written() < next.question().words().size())
                    .isPresent();
        });
    }

    private static Optional<Progress> progress(Handle handle, String id) {
        return handle.createQuery("select question, written from demo_answer where id = :id")
                .bind("id", id)
                .map((row, context) -> new Progress(Question.of(row.getString("question")), row.getInt("written")))
                .findOne();
    }

    private void send(Handle handle, String id, Progress progress) {
        List<String> words = progress.question().words();
        Word word = new Word(progress.written(), words.get(progress.written() - 1));
        if (word.number() < words.size()) {
            events.in(handle).send(channel(id), "word", word);
            return;
        }
        events.in(handle).finish(events.newEvent(channel(id), "word", word));
        handle.createUpdate("update demo_answer set is_complete = true where id = :id")
                .bind("id", id)
                .execute();
    }

    /** The channel of an answer; config.yml has its route. */
    static String channel(String id) {
        return "answer-" + id;
    }
}
