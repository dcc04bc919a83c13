package dev.eventstream.control;

import java.time.Duration;

/**
 * The state of a lane at one moment.
 *
 * <p>Immutable.
 *
 * @param proxy the proxy's name
 * @param isRunning whether its thread runs
 * @param failures failed attempts since the last success
 * @param lastFailure reason of the last of them; empty if there is none
 * @param failingFor time since the first of them
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

    /** The state in words, for an operator. */
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
