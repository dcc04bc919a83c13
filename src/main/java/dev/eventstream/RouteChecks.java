package dev.eventstream;

import dev.eventstream.http.StreamRoute;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.StartLimit;
import java.util.List;

/** Refuses routes whose streams may start further back than the limits or the store allow. */
final class StartChecks {
    private StartChecks() {}

    /**
     * @param maxCatchUp the value of {@code eventStream.limits.maxCatchUp}
     * @throws IllegalArgumentException with the path of the route, both values and the key
     */
    static void check(List<StreamRoute> routes, int maxCatchUp) {
        for (StreamRoute route : routes) {
            if (route.mostLastEvents() > maxCatchUp) {
                throw new IllegalArgumentException("the route \"" + route.path() + "\" has start \"last:"
                        + route.mostLastEvents() + "\" and eventStream.limits.maxCatchUp is " + maxCatchUp
                        + "; allowed is that number at most");
            }
        }
    }

    /**
     * @throws IllegalArgumentException with the path of the route and the class of the store
     */
    static void check(List<StreamRoute> routes, EventStore store) {
        for (StreamRoute route : routes) {
            if (route.mayStartEarlier()
                    && store.startPositions(List.of(), StartLimit.NOW).isEmpty()) {
                throw new IllegalArgumentException("the route \"" + route.path() + "\" has a start other than now, and "
                        + store.getClass().getName()
                        + " cannot tell where a new reader starts; implement startPositions, or allow only now");
            }
        }
    }
}
