package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import java.util.function.BooleanSupplier;

/** Reports that this node is ending its streams before it stops, so that a load balancer sends no more clients. */
public final class DrainHealthCheck extends HealthCheck {
    private final BooleanSupplier isDraining;

    public DrainHealthCheck(BooleanSupplier isDraining) {
        this.isDraining = isDraining;
    }

    @Override
    protected Result check() {
        return isDraining.getAsBoolean()
                ? Result.unhealthy("this node is about to stop; its streams end within eventStream.drain")
                : Result.healthy();
    }
}
