package dev.eventstream.limit;

import java.util.ArrayList;
import java.util.List;

/**
 * What one request occupies of the limits, until its exchange ends. A stream occupies it as long as it is open.
 *
 * <p>Thread-safe.
 */
public final class Occupancy {
    private final ClientAddress address;

    // guarded by this
    private final List<Runnable> occupied = new ArrayList<>(4);
    private boolean released;

    Occupancy(ClientAddress address) {
        this.address = address;
    }

    /** The address from which the request came. */
    public ClientAddress address() {
        return address;
    }

    /** Adds what has been occupied; it is given back at once if the exchange has ended already. */
    void add(Runnable giveBack) {
        synchronized (this) {
            if (!released) {
                occupied.add(giveBack);
                return;
            }
        }
        giveBack.run();
    }

    /** Gives everything back. Further calls do nothing. */
    public void release() {
        List<Runnable> all;
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
            all = List.copyOf(occupied);
        }
        all.forEach(Runnable::run);
    }
}
