package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.grip.LinkBudget;

/** Checks that a proxy can fetch all next links in time, so that events it missed do not come late. Thread-safe. */
public final class NextLinksHealthCheck extends HealthCheck {
    private final LinkBudget budget;

    public NextLinksHealthCheck(LinkBudget budget) {
        this.budget = budget;
    }

    @Override
    protected Result check() {
        return budget.fits()
                ? Result.healthy("%s", budget.links() + " distinct next links")
                : Result.unhealthy("%s", budget.report());
    }
}
