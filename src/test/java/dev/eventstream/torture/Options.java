package dev.eventstream.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to be.
 *
 * @param time how long there is trouble; starting, and catching up at the end, come on top of it
 * @param database {@code h2}, {@code postgresql} or {@code mariadb}
 * @param pushpins how many proxies the readers come through; 0 for direct streams
 */
record Options(
        Duration time,
        long seed,
        String database,
        Bug bug,
        int pushpins,
        int nodes,
        int readers,
        int writers,
        Path directory) {
    static final String USAGE = """
            usage: ./torture [--minutes N] [--seed S] [--database h2|postgresql|mariadb] [--pushpin N]
                             [--nodes N] [--readers N] [--writers N] [--bug NAME] [--trace DIRECTORY]
                   ./torture --bugs [--minutes N] [--seed S]

            Runs nodes of a service, a database, writers and readers, and has things go wrong all the while: processes are
            killed and stopped, connections cut, held and delayed, announcements lost, logs trimmed and wiped, permissions
            taken. Meanwhile and at the end it checks the contract: on each channel a reader gets one contiguous run of
            committed events, in commit order; where that cannot be, it is told so by name, never left to guess.

              --minutes N    how long there is trouble (default 3; 0.5 is allowed)
              --seed S       the same seed makes the same decisions, though not at the same microsecond
              --database     h2 (default), postgresql or mariadb; a private server of its own
              --pushpin N    puts N Pushpins before the nodes; readers come through them and past them (default 0)
              --nodes N      nodes of the service (default 2), --readers N (24), --writers N (3)
              --bug NAME     plants a bug, to see that it is found (exit status 1): skip-after-commit, reuse-id,
                             forget-epoch, deliver-before-commit, lose-on-overflow, trim-without-low-water-mark,
                             reverse-catch-up, forget-keys, ignore-permissions
              --bugs         plants each of them in turn; exit status 0 if every one was found as what it is
              --trace DIR    where the trace goes (default target/torture/…)

            Exit status: 0 if the contract held, 1 if it was broken, 2 if the run could not be made. The last line counts
            committed events, readers, kills (SIGKILL of processes), cuts of connections, resets that readers were told of,
            and the breaches: lost, phantom (did not commit, or an id with two meanings), reordered, repeated, leaked.

            The trace is plain text, one line each for what was sent and what became of it (events.log), for what readers
            were shown (readers.log), for faults (faults.log) and breaches (breaches.log). Lines begin with milliseconds
            since the start. One event or one reader is one grep:
              grep -h 'token=w1.42 ' DIR/*.log | sort       grep -h 'reader=r7 ' DIR/*.log | sort
              grep -h 'channel=c3 id=k3f9x2-41 ' DIR/*.log | sort
            """;

    static Options parse(String[] arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException("\"" + arguments[i] + "\" is not understood; see --help");
            }
            values.put(arguments[i].substring(2), arguments[i + 1]);
        }
        long seed = number(values.remove("seed"), ThreadLocalRandom.current().nextLong(1_000_000));
        String minutes = values.remove("minutes");
        String bug = values.remove("bug");
        String trace = values.remove("trace");
        String database = values.remove("database");
        Options options = new Options(
                Duration.ofMillis(Math.round(60_000 * Double.parseDouble(minutes == null ? "3" : minutes))),
                seed,
                database == null ? "h2" : database,
                bug == null ? Bug.NONE : Bug.of(bug),
                (int) number(values.remove("pushpin"), 0),
                (int) number(values.remove("nodes"), 2),
                (int) number(values.remove("readers"), 24),
                (int) number(values.remove("writers"), 3),
                trace == null ? Path.of("target", "torture", System.currentTimeMillis() + "-" + seed) : Path.of(trace));
        if (!values.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no --" + values.keySet().iterator().next() + "; see --help");
        }
        return options;
    }

    private static long number(@Nullable String value, long otherwise) {
        return value == null ? otherwise : Long.parseLong(value);
    }

    Options with(Bug otherBug, Path otherDirectory) {
        return new Options(time, seed, database, otherBug, pushpins, nodes, readers, writers, otherDirectory);
    }
}
