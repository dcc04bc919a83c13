package dev.eventstream.torture;

import dev.eventstream.network.FaultProxy;
import java.util.List;
import java.util.Random;

/**
 * The ports through which readers connect: one for each node or Pushpin, with a {@link FaultProxy} in front.
 *
 * <p>Immutable.
 *
 * @param nodes how many of them, the first ones, lead to a node without a Pushpin between
 */
record Doors(List<FaultProxy> proxies, int nodes) {
    Doors {
        proxies = List.copyOf(proxies);
    }

    /** Whether the port leads to a node without a Pushpin between. */
    boolean isDirect(int port) {
        return proxies.subList(0, nodes).stream().anyMatch(proxy -> proxy.port() == port);
    }

    /**
     * The ports of all doors.
     *
     * @param directOnly only those that lead to a node without a Pushpin between
     */
    List<Integer> ports(boolean directOnly) {
        return proxies.stream()
                .limit(directOnly ? nodes : proxies.size())
                .map(FaultProxy::port)
                .toList();
    }

    int anyPort(Random random) {
        return proxies.get(random.nextInt(proxies.size())).port();
    }
}
