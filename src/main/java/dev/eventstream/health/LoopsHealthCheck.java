package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.loop.Heartbeats;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks that every loop of this node runs: fan-out, catch-up, bus, sweep, retention and the lanes to proxies. */
public final class LoopsHealthCheck extends HealthCheck {
    private final Heartbeats heartbeats;

    public LoopsHealthCheck(Heartbeats heartbeats) {
        this.heartbeats = heartbeats;
    }

    @Override
    protected Result check() {
        Map<String, String> troubles = heartbeats.troubles();
        if (troubles.isEmpty()) {
            return Result.healthy();
        }
        return Result.unhealthy(
                "%s",
                troubles.entrySet().stream()
                        .map(loop -> "loop " + loop.getKey() + " " + loop.getValue())
                        .collect(Collectors.joining("; ")));
    }
}
