package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Parameter;
import dev.eventstream.benchmarks.capacity.Parameters;
import java.util.SplittableRandom;

/**
 * When the bundle's browser client comes back ({@code client/src/connection.ts} and {@code backoff.ts}): its EventSource reconnects
 * twice by itself, after the time that the server has set. Later attempts follow after random times that grow.
 */
final class Client {
    /** How often EventSource may reconnect by itself until a stream has been healthy. */
    static final int OWN_RECONNECTS = 2;

    /** How long a stream must last to count as healthy. */
    static final int HEALTHY = 10_000;

    private static final double FIRST_DELAY = 5_000;
    private static final double LONGEST_DELAY = 30_000;
    private static final double SHORTEST_PART = 0.2;
    private static final int MOST_DOUBLINGS = 10;

    private final SplittableRandom random;
    private final int ownReconnects;
    private final int retryMin;
    private final int retryMax;
    private final int refusedMin;
    private final int refusedMax;

    Client(ClientKind kind, Parameters known, SplittableRandom random) {
        this.ownReconnects = kind == ClientKind.EVENT_SOURCE ? Integer.MAX_VALUE : OWN_RECONNECTS;
        this.random = random;
        this.retryMin = millis(known, Parameter.RETRY_MIN);
        this.retryMax = millis(known, Parameter.RETRY_MAX);
        this.refusedMin = millis(known, Parameter.REFUSED_MIN);
        this.refusedMax = millis(known, Parameter.REFUSED_MAX);
    }

    private static int millis(Parameters known, Parameter seconds) {
        return (int) Math.round(known.value(seconds) * 1e3);
    }

    /** The delay after a stream has ended or a connection has failed, for the given time since the client had a healthy stream. */
    int afterInterruption(int attempts) {
        return attempts <= ownReconnects ? between(retryMin, retryMax) : backOff(attempts - ownReconnects - 1);
    }

    /** The same if the server has asked the client to come back after a time. */
    int afterInterruption(int attempts, int asked) {
        return attempts <= ownReconnects ? asked : backOff(attempts - ownReconnects - 1);
    }

    /** The delay after a refusal by a limit. */
    int afterRefusal() {
        return between(refusedMin, refusedMax);
    }

    /** A random number of milliseconds, both ends included. */
    int between(int min, int max) {
        return min + random.nextInt(max - min + 1);
    }

    private int backOff(int failures) {
        double longest = Math.min(LONGEST_DELAY, FIRST_DELAY * Math.pow(2, Math.min(failures, MOST_DOUBLINGS)));
        return (int) (longest * (SHORTEST_PART + (1 - SHORTEST_PART) * random.nextDouble()));
    }
}
