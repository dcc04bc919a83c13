package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
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
 * then it may be in the log already.
 *
 * <p>What waits is bounded by the number of sending threads. Thread-safe; no lock is held while the store works.
 */
final class GroupCommit {
    /** Events in one commit, unless a single sender brings more. */
    static final int MAX_BATCH = 500;

    /** How long a sender waits for others to commit its events before it is told that the outcome is unknown. */
    static final int TIMEOUT_SECONDS = 60;

    private final Function<List<NewEvent>, List<Event>> append;
    private final Consumer<List<Event>> announce;

    // guarded by waiting
    private final Deque<Request> waiting = new ArrayDeque<>();
    private boolean led;

    /**
     * @param append stores events in one transaction
     * @param announce is told of each batch after its commit and before the next one's
     */
    GroupCommit(Function<List<NewEvent>, List<Event>> append, Consumer<List<Event>> announce) {
        this.append = append;
        this.announce = announce;
    }

    /**
     * Appends the events in one transaction, perhaps together with those of other senders.
     *
     * @throws EventStoreException if they could not be stored, or the sender was interrupted while it waited
     */
    List<Event> append(List<NewEvent> events) {
        Request request = new Request(events);
        if (enqueue(request) || awaitTurn(request)) {
            lead(request);
        }
        return request.result();
    }

    /** Whether nobody leads, so that the sender is to lead at once. */
    private boolean enqueue(Request request) {
        synchronized (waiting) {
            waiting.add(request);
            boolean first = !led;
            led = true;
            return first;
        }
    }

    /** Whether the sender is to lead; otherwise its events have been dealt with. */
    private boolean awaitTurn(Request request) {
        try {
            return request.turn.get(TIMEOUT_SECONDS, TimeUnit.SECONDS) == Turn.LEAD;
        } catch (TimeoutException e) {
            return giveUp(request, "nobody committed them within " + TIMEOUT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(request, "the sending thread was interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError("a turn never fails", e);
        }
    }

    /** Whether the lead came just now, and so cannot be refused. */
    private boolean giveUp(Request request, String reason, Exception cause) {
        if (!request.turn.complete(Turn.GAVE_UP)) {
            return request.turn.join() == Turn.LEAD;
        }
        boolean untouched;
        synchronized (waiting) {
            untouched = waiting.remove(request);
        }
        Outcome outcome = untouched ? Outcome.NOT_STORED : Outcome.UNKNOWN;
        request.fail(
                new EventStoreException(request.events.size() + " event(s) were not sent: " + reason, outcome, cause));
        return false;
    }

    private void lead(Request own) {
        try {
            while (!own.result.isDone()) {
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
            for (Request next = waiting.peek();
                    next != null && (batch.isEmpty() || events + next.events.size() <= MAX_BATCH);
                    next = waiting.peek()) {
                events += next.events.size();
                batch.add(waiting.remove());
            }
            return batch;
        }
    }

    private void passLead() {
        synchronized (waiting) {
            led = waiting.stream().anyMatch(request -> request.turn.complete(Turn.LEAD));
        }
    }

    private void commit(List<Request> batch) {
        try {
            complete(
                    batch,
                    append.apply(batch.stream()
                            .flatMap(request -> request.events.stream())
                            .toList()));
        } catch (EventStoreException e) {
            if (batch.size() > 1 && e.outcome() == Outcome.NOT_STORED) {
                batch.forEach(request -> commit(List.of(request)));
            } else {
                batch.forEach(request -> request.fail(e));
            }
        } catch (RuntimeException | Error e) {
            batch.forEach(request -> request.fail(e));
        }
    }

    private void complete(List<Request> batch, List<Event> stored) {
        announce.accept(stored);
        int from = 0;
        for (Request request : batch) {
            int to = from + request.events.size();
            request.succeed(stored.subList(from, to));
            from = to;
        }
    }

    private enum Turn {
        LEAD,
        DONE,
        GAVE_UP
    }

    /** One sender's events, and what the sender waits for. */
    private static final class Request {
        private final List<NewEvent> events;
        private final CompletableFuture<Turn> turn = new CompletableFuture<>();
        private final CompletableFuture<List<Event>> result = new CompletableFuture<>();

        Request(List<NewEvent> events) {
            this.events = events;
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
                throw new EventStoreException(events.size() + " event(s) could not be sent", Outcome.UNKNOWN, e);
            }
        }
    }
}
