package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.peer.Bare;
import dev.eventstream.benchmarks.peer.Nchan;
import dev.eventstream.benchmarks.peer.Node;
import dev.eventstream.benchmarks.peer.Ours;
import dev.eventstream.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.List;

/** Which servers questions compare. A smoke run starts all of them once, for {@link FanOut}, and few for the other questions. */
final class Peers {
    static final String UNSTORED = Ours.unstored().name();
    static final String POSTGRESQL = Ours.onPostgresql().name();
    static final String NCHAN = Nchan.UNSTORED.name();

    private static final List<Ours> OURS = List.of(Ours.unstored(), Ours.onH2(), Ours.onPostgresql());

    private Peers() {}

    /** The product in its three ways to store. */
    static List<Ours> ours(Run run) {
        return run.isSmoke() ? OURS.subList(0, 1) : OURS;
    }

    /** The product where it stores events. */
    static List<Ours> oursStored(Run run) {
        return OURS.subList(1, run.isSmoke() ? 2 : OURS.size());
    }

    /** All that need no proxy, the limit last. */
    static List<Peer> all() {
        List<Peer> all = new ArrayList<>(OURS);
        all.addAll(List.of(Nchan.UNSTORED, Nchan.ALL_CORES, Nchan.BUFFERED, Node.PLAIN, Node.BETTER_SSE, new Bare()));
        return all;
    }

    /** The same, or few in a smoke run. */
    static List<Peer> all(Run run) {
        return run.isSmoke() ? List.of(Ours.unstored(), Nchan.UNSTORED, new Bare()) : all();
    }
}
