package dev.eventstream.torture;

import dev.eventstream.network.FaultProxy;
import java.util.List;
import java.util.Random;

/**
 * The ports through which readers connect: one for each node or Pushpin, with a {@link FaultProxy} in front.
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
