package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lets concurrent senders share commits: while one of them commits a batch, the others gather in the next.
 *
 * <p>There is no thread of its own. The first sender who finds nobody committing leads: it commits what has gathered, in
 * the order of arrival, until its own events are in, and then hands the lead to the sender who waits longest. A batch that
 * fails is tried again sender by sender, so that a bad event fails only its own; but not if its outcome is unknown, since
 * then it may be in the log already, and only within a sixth of the senders' patience, since then it is the database that is
 * bad, and everybody waits.
 *
 * <p>A sender who is interrupted while it waits takes its events back. Once it leads, the interrupt has to wait: others'
 * events depend on the thread.
 *
 * <p>What waits is bounded by the number of sending threads. Thread-safe; no lock is held while the store works.
 */
final class GroupCommit {
    /** Events in one commit, unless a single sender brings more. */
    static final int MAX_BATCH = 500;

    /** Characters of data in one commit, unless a single sender brings more. */
    static final int MAX_CHARACTERS = 4 << 20;

    private final Function<List<NewEvent>, Appended> append;
    private final Consumer<List<Event>> announce;
    private final Duration patience;

    // guarded by waiting: a request is in here until a leader takes it into a batch or its sender takes it back
    private final Deque<Request> waiting = new ArrayDeque<>();
    private boolean led;

    /**
     * @param append stores events in one transaction
     * @param announce is told what each batch added, after its commit and before the next one's; must not throw
     * @param patience how long a sender waits for others to commit its events before it gives up
     */
    GroupCommit(Function<List<NewEvent>, Appended> append, Consumer<List<Event>> announce, Duration patience) {
        this.append = append;
        this.announce = announce;
        this.patience = patience;
    }

    /**
     * Appends the events in one transaction, perhaps together with those of other senders.
     *
     * @throws EventStoreException if they could not be stored, or the sender was interrupted or lost patience
     */
    List<Event> append(List<NewEvent> events) {
        Request request = new Request(events);
        enqueue(request);
        if (awaitTurn(request) == Turn.LEAD) {
            lead(request);
        }
        return request.result();
    }

    private void enqueue(Request request) {
        synchronized (waiting) {
            waiting.add(request);
            if (!led) {
                passLead();
            }
        }
    }

    private void passLead() {
        synchronized (waiting) {
            led = false;
            for (Request request : waiting) {
                if (request.turn.complete(Turn.LEAD)) {
                    led = true;
                    return;
                }
            }
        }
    }

    private Turn awaitTurn(Request request) {
        try {
            return request.turn.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return giveUp(request, "nobody committed them within " + patience.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(request, "the sending thread was interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError("a turn never fails", e);
        }
    }

    private Turn giveUp(Request request, String reason, Exception cause) {
        boolean takenBack;
        synchronized (waiting) {
            // the lead that came just now cannot be refused: nobody else has it
            if (request.turn.isDone()) {
                return request.turn.join();
            }
            takenBack = waiting.remove(request);
        }
        String what = request.events.size() + " event(s) "
                + (takenBack ? "were not stored: " : "may have been stored or not: ") + reason;
        request.fail(new EventStoreException(what, takenBack ? Outcome.NOT_STORED : Outcome.UNKNOWN, cause));
        return Turn.DONE;
    }

    private void lead(Request own) {
        try {
            while (!own.isDone()) {
                commit(nextBatch());
            }
        } finally {
            passLead();
        }
    }

    private List<Request> nextBatch() {
        synchronized (waiting) {
            List<Request> batch = new ArrayList<>();
            int events = 0;
            long characters = 0;
            for (Request next = waiting.peek(); next != null; next = waiting.peek()) {
                events += next.events.size();
                characters += next.characters;
                if (!batch.isEmpty() && (events > MAX_BATCH || characters > MAX_CHARACTERS)) {
                    break;
                }
                batch.add(waiting.remove());
            }
            return batch;
        }
    }

    private void commit(List<Request> batch) {
        long start = System.nanoTime();
        try {
            complete(batch, store(batch));
        } catch (EventStoreException e) {
            if (batch.size() > 1 && e.outcome() == Outcome.NOT_STORED) {
                commitOneByOne(batch, start, e);
            } else {
                batch.forEach(request -> request.fail(e));
            }
        } catch (RuntimeException | Error e) {
            batch.forEach(request -> request.fail(e));
        }
    }

    private void commitOneByOne(List<Request> batch, long start, EventStoreException failure) {
        for (Request request : batch) {
            if (System.nanoTime() - start > patience.toNanos() / 6) {
                request.fail(failure);
            } else if (!request.isDone()) {
                commit(List.of(request));
            }
        }
    }

    private Appended store(List<Request> batch) {
        boolean interrupted = Thread.interrupted();
        try {
            return append.apply(
                    batch.stream().flatMap(request -> request.events.stream()).toList());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void complete(List<Request> batch, Appended appended) {
        announce.accept(appended.added());
        int from = 0;
        for (Request request : batch) {
            int to = from + request.events.size();
            request.succeed(appended.events().subList(from, to));
            from = to;
        }
    }

    private enum Turn {
        LEAD,
        DONE
    }

    /** One sender's events, and what the sender waits for. */
    private static final class Request {
        private final List<NewEvent> events;
        private final long characters;
        private final CompletableFuture<Turn> turn = new CompletableFuture<>();
        private final CompletableFuture<List<Event>> result = new CompletableFuture<>();

        Request(List<NewEvent> events) {
            this.events = events;
            this.characters =
                    events.stream().mapToLong(event -> event.data().length()).sum();
        }

        boolean isDone() {
            return result.isDone();
        }

        void succeed(List<Event> stored) {
            result.complete(List.copyOf(stored));
            turn.complete(Turn.DONE);
        }

        void fail(Throwable cause) {
            result.completeExceptionally(cause);
            turn.complete(Turn.DONE);
        }

        // one failure may be many senders': each throws its own exception, with its own stack
        List<Event> result() {
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof EventStoreException failure) {
                    throw new EventStoreException(String.valueOf(failure.getMessage()), failure.outcome(), failure);
                }
                throw new EventStoreException(
                        "the store failed unexpectedly; " + events.size() + " event(s) may have been stored or not",
                        Outcome.UNKNOWN,
                        e.getCause() == null ? e : e.getCause());
            }
        }
    }
}
