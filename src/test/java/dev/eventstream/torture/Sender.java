package dev.eventstream.torture;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.torture.Send.Answer;
import dev.eventstream.torture.Send.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/** Makes nodes run transactions, and records the outcomes. Thread-safe. */
final class Sender {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    /** Shorter than the time that events are kept, so that the first send cannot have been trimmed. */
    private static final Duration REPEATS = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Truth truth;
    private final UnstoredEvents unstored;
    private final Trace trace;

    Sender(Truth truth, UnstoredEvents unstored, Trace trace) {
        this.truth = truth;
        this.unstored = unstored;
        this.trace = trace;
    }

    /**
     * The answer to a send that was repeated until its outcome was known.
     *
     * @param port the port of the last attempt
     */
    record Told(int port, Answer answer) {}

    /**
     * Sends to one port after the other until the outcome is known, for a few seconds at most; records nothing. A
     * repetition must not have any effect, so the events need idempotency keys.
     */
    Told askUntilKnown(Send send, IntSupplier ports, Phases phases) throws InterruptedException {
        long start = System.nanoTime();
        int port = ports.getAsInt();
        Answer answer = ask(port, send);
        while (answer.outcome() == Outcome.UNKNOWN
                && System.nanoTime() - start < REPEATS.toNanos()
                && !phases.awaitCalm(100)) {
            port = ports.getAsInt();
            Answer next = ask(port, send);
            // a rollback of the second attempt proves nothing about the first
            answer = next.outcome() == Outcome.COMMITTED ? next : answer;
        }
        return new Told(port, answer);
    }

    /** Sends, and returns the answer; records nothing. */
    Answer ask(int port, Send send) throws InterruptedException {
        return ask(port, send, Duration.ZERO, PATIENCE);
    }

    /**
     * Sends, and returns the answer; records nothing.
     *
     * @param held how long the application's transaction stays open after the send
     */
    Answer ask(int port, Send send, Duration held, Duration patience) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://localhost:" + port + "/torture/send?holdMillis=" + held.toMillis()))
                    .timeout(patience)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(send)))
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    ? JSON.readValue(response.body(), Answer.class)
                    : new Answer(Outcome.UNKNOWN, List.of());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return new Answer(Outcome.ROLLED_BACK, List.of());
        } catch (IOException e) {
            return new Answer(Outcome.UNKNOWN, List.of());
        }
    }

    /**
     * Records the outcome of a transaction.
     *
     * @param where the name of a node, or {@code port:N}
     */
    void note(String where, Send send, Answer answer) {
        for (int i = 0; i < send.events().size(); i++) {
            boolean isCommitted =
                    answer.outcome() == Outcome.COMMITTED && i < answer.ids().size();
            Send.One event = send.events().get(i);
            if (event.ends()) {
                trace.event("end channel=" + event.channel() + " way=" + send.way() + " at=" + where + " outcome="
                        + answer.outcome());
                continue;
            }
            Token token = Token.parse(event.data());
            String id = isCommitted ? answer.ids().get(i) : "";
            if (!id.isEmpty()) {
                truth.committed(event.channel(), Position.of(id), token, event.data());
            } else if (isCommitted) {
                unstored.sent(token, where, System.currentTimeMillis());
            } else if (answer.outcome() != Outcome.UNKNOWN) {
                truth.rolledBack(token);
            }
            String outcome = isCommitted || answer.outcome() == Outcome.UNKNOWN
                    ? answer.outcome().name()
                    : Outcome.ROLLED_BACK.name();
            trace.event("event token=" + token + " channel=" + event.channel() + " way=" + send.way() + " at=" + where
                    + " outcome=" + outcome + (id.isEmpty() ? "" : " id=" + id)
                    + (event.key().isEmpty() ? "" : " key=" + event.key()));
        }
    }
}
