package dev.eventstream.hold;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many requests for streams are handled at the same time. The others wait in line, in the order of their arrival,
 * without occupying threads. So even if many clients come back at the same moment, the server has threads for other requests.
 *
 * <p>A request counts until its servlets are done with it, not until its stream ends. If the line is full, or if a request
 * has waited too long, it continues at once with the attribute {@link #REFUSED}: its resource then refuses it, and its client
 * comes back.
 *
 * <p>Wraps the {@link HoldHandler}. Thread-safe.
 */
public final class StartQueue extends Handler.Wrapper {
    /** The request attribute, with any value, that tells a resource to refuse the stream. */
    public static final String REFUSED = StartQueue.class.getName() + ".refused";

    private final Predicate<String> isStream;
    private final Limits limits;

    // guarded by line
    private final Set<Waiting> line = new LinkedHashSet<>();
    private int running;

    /**
     * How many requests may be handled and may wait.
     *
     * @param atOnce requests that are handled at the same time
     * @param waiting requests that may wait
     * @param longestWait how long one request may wait
     */
    public record Limits(int atOnce, int waiting, Duration longestWait) {}

    /**
     * @param isStream whether a path within the context, percent-encoded, is that of a stream
     */
    public StartQueue(Predicate<String> isStream, Limits limits) {
        this.isStream = isStream;
        this.limits = limits;
    }

    /** How many requests are waiting. */
    public int waiting() {
        synchronized (line) {
            return line.size();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!HttpMethod.GET.is(request.getMethod()) || !isStream.test(Request.getPathInContext(request))) {
            return super.handle(request, response, callback);
        }
        return switch (enter(request, response, callback)) {
            case RUNS -> runAndLeave(request, response, callback);
            case WAITS -> true;
            case IS_REFUSED -> runRefused(request, response, callback);
        };
    }

    private enum Entry {
        RUNS,
        WAITS,
        IS_REFUSED
    }

    private Entry enter(Request request, Response response, Callback callback) {
        synchronized (line) {
            if (running < limits.atOnce()) {
                running++;
                return Entry.RUNS;
            }
            if (line.size() >= limits.waiting()) {
                return Entry.IS_REFUSED;
            }
            line.add(new Waiting(request, response, callback));
            return Entry.WAITS;
        }
    }

    private boolean runAndLeave(Request request, Response response, Callback callback) throws Exception {
        try {
            return super.handle(request, response, callback);
        } finally {
            leave();
        }
    }

    /** Gives the place of a finished request to the one that has waited longest. */
    private void leave() {
        Waiting next = next();
        while (next != null && !next.start()) {
            next = next();
        }
    }

    private @Nullable Waiting next() {
        synchronized (line) {
            Iterator<Waiting> first = line.iterator();
            if (!first.hasNext()) {
                running--;
                return null;
            }
            Waiting next = first.next();
            first.remove();
            return next;
        }
    }

    private boolean runRefused(Request request, Response response, Callback callback) throws Exception {
        request.setAttribute(REFUSED, true);
        return super.handle(request, response, callback);
    }

    private interface Work {
        boolean run(Request request, Response response, Callback callback) throws Exception;
    }

    /** A request in the line. It leaves the line once: for its turn, or because it has waited too long. */
    private final class Waiting {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final Scheduler.Task end;

        Waiting(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.end = request.getComponents().getScheduler().schedule(this::giveUp, limits.longestWait());
        }

        private void giveUp() {
            boolean isWaiting;
            synchronized (line) {
                isWaiting = line.remove(this);
            }
            if (isWaiting) {
                boolean unused = run(() -> inContext(StartQueue.this::runRefused));
            }
        }

        /** Takes its turn; false if the server has stopped. */
        boolean start() {
            boolean unused = end.cancel();
            return run(() -> {
                try {
                    inContext(StartQueue.super::handle);
                } finally {
                    leave();
                }
            });
        }

        /** Continues on a thread of the server; false if the server has stopped. */
        private boolean run(Runnable task) {
            try {
                request.getComponents().getExecutor().execute(task);
                return true;
            } catch (Throwable e) { // an Error, too: the next request must get the place
                callback.failed(e);
                return false;
            }
        }

        private void inContext(Work work) {
            try {
                request.getContext().run(() -> answer(work), request);
            } catch (Throwable e) { // of a listener of the context
                callback.failed(e);
            }
        }

        // treats the outcome as the server does when it calls a handler itself
        private void answer(Work work) {
            try {
                if (!work.run(request, response, callback)) {
                    Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
                }
            } catch (Throwable e) {
                Response.writeError(request, response, callback, e);
            }
        }
    }
}
