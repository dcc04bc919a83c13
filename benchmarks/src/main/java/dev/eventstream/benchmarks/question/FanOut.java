package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.result.Target;
import java.util.List;
import java.util.Locale;

/** One channel with many readers, flat out. */
public final class FanOut implements Question {
    @Override
    public String name() {
        return "fan-out";
    }

    @Override
    public String asks() {
        return "One channel with 1,000 and 5,000 readers, 16 publishers flat out: how many deliveries per second, and how much CPU each?";
    }

    @Override
    public List<Target> targets() {
        return List.of(
                Target.atLeast(30, Peers.UNSTORED, "1,000 readers, deliveries").times(Peers.NCHAN),
                Target.atLeast(8, Peers.POSTGRESQL, "1,000 readers, deliveries").times(Peers.NCHAN),
                Target.atMost(0.15, Peers.UNSTORED, "1,000 readers, CPU per delivery"),
                Target.atLeast(30, Peers.UNSTORED, "5,000 readers, deliveries").times(Peers.NCHAN),
                Target.atLeast(8, Peers.POSTGRESQL, "5,000 readers, deliveries").times(Peers.NCHAN),
                Target.atMost(0.15, Peers.UNSTORED, "5,000 readers, CPU per delivery"));
    }

    @Override
    public List<String> plotted() {
        return List.of("deliveries", "CPU per delivery");
    }

    @Override
    public void run(Run run) throws Exception {
        for (int readers : run.some(List.of(1_000, 5_000))) {
            String prefix = String.format(Locale.ROOT, "%,d readers", readers);
            FlatOut load = new FlatOut(run, prefix, run.count(readers, readers / 50), Load.PUBLISHERS);
            run.alternate(Load.subjects(run, Peers.all(), load::measure));
        }
    }
}
