package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.peer.Bare;
import dev.eventstream.benchmarks.peer.Nchan;
import dev.eventstream.benchmarks.peer.Node;
import dev.eventstream.benchmarks.peer.Ours;
import dev.eventstream.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.List;

/** Which servers questions compare. */
final class Peers {
    static final String UNSTORED = Ours.unstored().name();
    static final String NCHAN = Nchan.UNSTORED.name();
    static final String POSTGRESQL = "ours, PostgreSQL";

    /** The product in its three ways to store. */
    static final List<Peer> OURS = List.of(Ours.unstored(), Ours.onH2());

    /** All that need no proxy, the limit last. */
    static final List<Peer> ALL =
            with(Nchan.UNSTORED, Nchan.ALL_CORES, Nchan.BUFFERED, Node.PLAIN, Node.BETTER_SSE, new Bare());

    private Peers() {}

    /** The product and these. */
    static List<Peer> with(Peer... others) {
        List<Peer> all = new ArrayList<>(OURS);
        all.addAll(List.of(others));
        return List.copyOf(all);
    }
}
