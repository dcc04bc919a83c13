package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.peer.Peer;
import dev.eventstream.benchmarks.peer.Server;
import dev.eventstream.benchmarks.result.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The delay of events at a rate that every server can follow. */
public final class Latency implements Question {
    /** A rate and a number of readers. */
    private record Pace(int perSecond, int readers) {
        String prefix() {
            return String.format(Locale.ROOT, "%d/s × %,d readers", perSecond, readers);
        }
    }

    private static final List<Pace> PACES = List.of(new Pace(50, 100), new Pace(20, 1_000));

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String asks() {
        return "50 events/s to 100 readers, and 20/s to 1,000: how late does an event arrive, counted from the moment at which it was due to"
                + " be sent?";
    }

    @Override
    public List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (Pace pace : PACES) {
            for (String percentile : List.of("p50", "p99", "p99.9")) {
                targets.add(Target.atMost(1.1, Peers.UNSTORED, pace.prefix() + ", " + percentile)
                        .times(Peers.NCHAN));
            }
            targets.add(Target.atMost(1, Peers.POSTGRESQL, pace.prefix() + ", after the answer, p50"));
            targets.add(Target.atMost(3, Peers.POSTGRESQL, pace.prefix() + ", after the answer, p99"));
        }
        return targets;
    }

    @Override
    public List<String> plotted() {
        return List.of("readers, p50", "readers, p99", "readers, p99.9");
    }

    @Override
    public void run(Run run) throws Exception {
        for (Pace pace : run.some(PACES)) {
            run.alternate(Load.subjects(
                    run, Peers.all(run), (round, peer, server) -> measure(run, round, peer, server, pace)));
        }
    }

    private static void measure(Run run, Subject.Round round, Peer peer, Server server, Pace pace) throws Exception {
        new PacedLoad(run, pace.prefix(), pace.perSecond(), run.count(pace.readers(), 20)).measure(round, peer, server);
    }
}
