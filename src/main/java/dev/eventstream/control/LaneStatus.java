package dev.eventstream.control;

import java.time.Duration;

/**
 * How a lane does at one moment.
 *
 * <p>Immutable.
 *
 * @param proxy name of the proxy
 * @param isRunning whether its thread runs
 * @param failures attempts that have failed since the last that did not
 * @param lastFailure what the last of them saw; empty if there is none
 * @param failingFor how long that has been so
 * @param queuedEvents events that wait
 * @param queuedRepairs channels that wait for a hint or a reset
 */
public record LaneStatus(
        String proxy,
        boolean isRunning,
        int failures,
        String lastFailure,
        Duration failingFor,
        int queuedEvents,
        int queuedRepairs) {

    /** Whether the last attempt to send failed. */
    public boolean isFailing() {
        return failures > 0;
    }

    /** One sentence part for an operator. */
    public String summary() {
        String waiting = queuedEvents + " event(s) and " + queuedRepairs + " hint(s) wait";
        if (!isRunning) {
            return "the lane does not run, " + waiting;
        }
        return isFailing()
                ? failures + " attempt(s) to send failed in " + failingFor.toSeconds() + " s, the last because it "
                        + lastFailure + "; " + waiting
                : waiting;
    }
}
