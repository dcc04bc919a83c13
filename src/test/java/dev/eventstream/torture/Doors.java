package dev.eventstream.torture;

import java.util.List;
import java.util.Random;

/**
 * Where readers come in: a port for each node or proxy, with a {@link FaultProxy} before it.
 *
 * <p>Immutable.
 */
record Doors(List<FaultProxy> proxies) {
    Doors {
        proxies = List.copyOf(proxies);
    }

    int anyPort(Random random) {
        return proxies.get(random.nextInt(proxies.size())).port();
    }
}
