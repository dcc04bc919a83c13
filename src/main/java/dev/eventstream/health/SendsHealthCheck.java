package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.publisher.WaitingSends;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks that the sends of this node are stored in time: no transaction keeps a channel locked, and the database keeps up. */
public final class SendsHealthCheck extends HealthCheck {
    private final Supplier<Optional<WaitingSends>> waitingLong;

    /**
     * @param waitingLong the sends that have been waiting for too long; must not block
     */
    public SendsHealthCheck(Supplier<Optional<WaitingSends>> waitingLong) {
        this.waitingLong = waitingLong;
    }

    @Override
    protected Result check() {
        return waitingLong.get().map(SendsHealthCheck::unhealthy).orElseGet(Result::healthy);
    }

    private static Result unhealthy(WaitingSends waiting) {
        String format = waiting.isLocked()
                ? "%d send(s) have been waiting for more than half of eventStream.sendTimeout, the longest for %d ms for"
                        + " channel \"%s\", which another transaction keeps locked; look for a long transaction that sends"
                        + " to it"
                : "%d send(s) have been waiting for more than half of eventStream.sendTimeout, the longest for %d ms, for"
                        + " channel \"%s\"; the database is too slow or does not answer";
        return Result.unhealthy(format, waiting.sends(), waiting.longest().toMillis(), waiting.channel());
    }
}
