package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.peer.Ours;
import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Pushpin;
import dev.eventstream.benchmarks.result.Target;
import java.util.ArrayList;
import java.util.List;

/** The product behind Pushpin, compared with a program that posts to Pushpin directly. */
public final class BehindPushpin implements Question {
    private static final String BARE = Pushpin.bare().name();
    private static final String LATENCY = "50/s × 100 readers";
    private static final String THROUGHPUT = "500 readers";

    @Override
    public String name() {
        return "pushpin";
    }

    @Override
    public String asks() {
        return "Readers behind Pushpin: what does the product add to the latency, and what does it take from the throughput, compared with a"
                + " program that posts to Pushpin directly?";
    }

    @Override
    public List<String> references() {
        return List.of(BARE);
    }

    @Override
    public List<Target> targets() {
        String unstored = Pushpin.before(Ours.unstored()).name();
        return List.of(
                Target.atMost(1.3, unstored, LATENCY + ", p50").times(BARE),
                Target.atLeast(0.95, unstored, THROUGHPUT + ", deliveries").times(BARE));
    }

    @Override
    public List<String> plotted() {
        return List.of("readers, p50", "readers, deliveries");
    }

    @Override
    public void run(Run run) throws Exception {
        List<Peer> peers = new ArrayList<>();
        Peers.ours(run).forEach(ours -> peers.add(Pushpin.before(ours)));
        peers.add(Pushpin.bare());
        PacedLoad paced = new PacedLoad(run, LATENCY, 50, run.count(100, 20));
        run.alternate(Load.subjects(run, peers, paced::measure));
        FlatOut flatOut = new FlatOut(run, THROUGHPUT, run.count(500, 20), Load.PUBLISHERS);
        run.alternate(Load.subjects(run, peers, flatOut::measure));
    }
}
