package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.result.Target;
import java.util.List;

/** As many channels as readers, one event per request. */
public final class Channels implements Question {
    /** Each has a connection on both sides, and the suite may open 20,000. */
    static final int CHANNELS = 9_000;

    @Override
    public String name() {
        return "channels";
    }

    @Override
    public String asks() {
        return "9,000 channels with one reader each, 16 publishers flat out, one request per event: how many events per second, how late,"
                + " and does the delay grow?";
    }

    @Override
    public List<Target> targets() {
        return List.of(
                Target.atLeast(1, Peers.UNSTORED, "deliveries").times(Peers.NCHAN),
                Target.atMost(1, Peers.UNSTORED, "growth of the delay, p50, per second"));
    }

    @Override
    public List<String> plotted() {
        return List.of("deliveries", "CPU per delivery", "delay at the end, p50");
    }

    @Override
    public void run(Run run) throws Exception {
        ChannelLoad load = ChannelLoad.single(run, run.count(CHANNELS, 100));
        run.alternate(Load.subjects(run, Peers.all(run), load::measure));
    }
}
