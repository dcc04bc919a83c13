package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.result.Target;
import java.util.List;
import java.util.Locale;

/** Programs that post single events, and one reader. */
public final class Publish implements Question {
    @Override
    public String name() {
        return "publish";
    }

    @Override
    public String asks() {
        return "1, 16 and 64 publishers that post one event after the other to one channel with one reader: how many events per second are"
                + " accepted, and how many of them does the reader never see?";
    }

    /** Ten times what Mercure with Bolt accepted from 64 publishers on a machine like ours; it is not in Debian. */
    @Override
    public List<Target> targets() {
        return List.of(Target.atLeast(19_000, Peers.POSTGRESQL, "64 publishers, accepted"));
    }

    @Override
    public List<String> plotted() {
        return List.of("accepted", "lost");
    }

    @Override
    public void run(Run run) throws Exception {
        for (int publishers : run.some(List.of(1, 16, 64))) {
            String prefix =
                    String.format(Locale.ROOT, "%d %s", publishers, publishers == 1 ? "publisher" : "publishers");
            run.alternate(Load.subjects(run, Peers.all(run), new FlatOut(run, prefix, 1, publishers)::measure));
        }
    }
}
