package dev.eventstream.control.http;

import dev.eventstream.control.ControlException;
import dev.eventstream.control.ControlProbe;
import dev.eventstream.control.http.HttpRequests.Answer;

/**
 * GETs the root of a control port, where Pushpin identifies itself. A connection is not enough, because a handler that hangs still
 * has a listening socket. Thread-safe.
 */
final class HttpControlProbe implements ControlProbe {
    private static final String PUSHPIN = "Pushpin API";

    private final HttpRequests requests;

    HttpControlProbe(HttpRequests requests) {
        this.requests = requests;
    }

    @Override
    public Finding ask() throws InterruptedException {
        try {
            Answer answer = requests.getRoot();
            if (answer.status() == 200 && answer.text().contains(PUSHPIN)) {
                return new Finding(Verdict.HEALTHY, "answers as Pushpin does");
            }
            return new Finding(Verdict.UNHEALTHY, answer.shown() + ", not 200 \"" + PUSHPIN + '"');
        } catch (ControlException e) {
            return new Finding(Verdict.UNHEALTHY, e.text());
        }
    }
}
