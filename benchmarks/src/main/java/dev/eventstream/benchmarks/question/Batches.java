package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.peer.Nchan;
import dev.eventstream.benchmarks.peer.Ours;
import dev.eventstream.benchmarks.result.Target;
import java.util.ArrayList;
import java.util.List;

/** The load of {@link Channels} with many events per request, which only the product accepts. For comparison, nchan gets single events. */
public final class Batches implements Question {
    private static final int BATCH = 100;
    private static final int LINES = 500;
    private static final String ARRAYS = ", arrays of " + BATCH;
    private static final String LINES_OF = ", lines, " + LINES + " per post";

    @Override
    public String name() {
        return "batches";
    }

    @Override
    public String asks() {
        return "The same 9,000 channels, with 100 events per request as an array, and with 500 as lines: how many events per second, beside"
                + " nchan with its one event per request?";
    }

    @Override
    public List<Target> targets() {
        return List.of(
                Target.atLeast(5, Peers.UNSTORED + ARRAYS, "deliveries").times(Peers.NCHAN),
                Target.atLeast(5, Peers.UNSTORED + LINES_OF, "deliveries").times(Peers.NCHAN));
    }

    @Override
    public List<String> plotted() {
        return List.of("deliveries", "CPU per delivery");
    }

    @Override
    public void run(Run run) throws Exception {
        int channels = run.count(Channels.CHANNELS, 500);
        ChannelLoad arrays =
                new ChannelLoad(run, channels, BATCH, (server, names) -> server.batchRequest(names, Load.DATA));
        ChannelLoad lines =
                new ChannelLoad(run, channels, LINES, (server, names) -> server.linesRequest(names, Load.DATA));
        List<Subject> subjects = new ArrayList<>();
        subjects.addAll(named(run, ARRAYS, arrays));
        subjects.addAll(named(run, LINES_OF, lines));
        subjects.addAll(Load.subjects(run, List.of(Nchan.UNSTORED), ChannelLoad.single(run, channels)::measure));
        run.alternate(subjects);
    }

    private static List<Subject> named(Run run, String suffix, ChannelLoad load) {
        List<Ours> ours = Peers.ours(run).stream()
                .map(peer -> peer.named(peer.name() + suffix))
                .toList();
        return Load.subjects(run, ours, load::measure);
    }
}
