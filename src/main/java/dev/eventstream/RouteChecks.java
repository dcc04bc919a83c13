package dev.eventstream;

import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.StartLimit;
import java.util.List;

/** Refuses routes that ask for more than the limits, the store or a proxy allow. */
final class RouteChecks {
    private RouteChecks() {}

    /**
     * @throws IllegalArgumentException with the path of the route, both values and the key
     */
    static void check(List<StreamRoute> routes, EventStreamFactory factory) {
        checkStart(routes, factory.getLimits().getMaxCatchUp());
        factory.grip().ifPresent(grip -> checkTypes(routes, grip.getMaxSubscriptions()));
    }

    private static void checkStart(List<StreamRoute> routes, int maxCatchUp) {
        for (StreamRoute route : routes) {
            if (route.mostLastEvents() > maxCatchUp) {
                throw new IllegalArgumentException("the route \"" + route.path() + "\" has start \"last:"
                        + route.mostLastEvents() + "\" and eventStream.limits.maxCatchUp is " + maxCatchUp
                        + "; allowed is that number at most");
            }
        }
    }

    private static void checkTypes(List<StreamRoute> routes, int maxSubscriptions) {
        for (StreamRoute route : routes) {
            // with one channel and the reader's own
            if (route.typeCount() + 2 > maxSubscriptions) {
                throw new IllegalArgumentException("the route \"" + route.path() + "\" has " + route.typeCount()
                        + " types and eventStream.grip.maxSubscriptions is " + maxSubscriptions
                        + "; a stream needs one for each type and channel, and one for its reader");
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
