package dev.eventstream.torture;

import com.google.common.base.Splitter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The options of a run.
 *
 * @param time how long faults happen; starting, and catching up at the end, take additional time
 * @param database {@code h2}, {@code postgresql} or {@code mariadb}
 * @param bus {@code database}, {@code postgres}, {@code redis} or {@code nats}
 * @param pushpins how many Pushpins the readers use; 0 for direct streams
 * @param faults the only kinds of faults; empty for all that fit the other options
 */
record Options(
        Duration time,
        long seed,
        String database,
        String bus,
        Bug bug,
        int pushpins,
        int nodes,
        int readers,
        int writers,
        List<FaultKind> faults,
        Path directory) {
    Options {
        faults = List.copyOf(faults);
        bus = bug.bus(bus);
    }

    static final String USAGE = """
            usage: ./torture [--minutes N] [--seed S] [--database h2|postgresql|mariadb]
                             [--bus database|postgres|redis|nats] [--pushpin N] [--nodes N] [--readers N]
                             [--writers N] [--bug NAME] [--faults NAME,…] [--trace DIRECTORY]
                   ./torture --bugs [--minutes N] [--seed S]

            Runs nodes of a service, a database, a bus, writers and readers, and causes faults: it kills and stops processes;
            cuts, holds and delays connections; loses announcements; trims and wipes logs; revokes permissions; locks channels for
            up to 20 s; sends thousands of events at once to many readers; throws Errors in loops. During the run and at its
            end it checks the contract: on each channel a reader gets one contiguous run of committed events, in commit order,
            or a stream-reset that names the channel.

              --minutes N    how long faults happen (default 3; 0.5 is allowed)
              --seed S       the same seed makes the same decisions, but not at the same microsecond
              --database     h2 (default), postgresql or mariadb; a private server
              --bus          how nodes notify one another: database (default), or a private server of postgres, redis or nats
              --pushpin N    puts N Pushpins in front of the nodes; readers use them and the nodes (default 0)
              --nodes N      nodes of the service (default 2), --readers N (24), --writers N (3); the clock of the second node
                             is 2 s fast, that of the third 2 s slow, and so on
              --bug NAME     plants a bug, to show that it is found (exit status 1): skip-after-commit, reuse-id,
                             forget-epoch, deliver-before-commit, lose-on-overflow, trim-without-low-water-mark,
                             reverse-catch-up, forget-keys, ignore-permissions, forget-budget, forget-kicks,
                             forget-bus-reset (with postgres or nats; default nats), forget-end, send-after-end,
                             latest-backwards, forget-latest, ignore-types, ignore-start, forget-repeats
              --faults       the only kinds of faults (default: all that fit the other options), from kill-node,
                             die-in-transaction, stop-node, kill-database, cut-database, hold-database, delay-database,
                             cut-readers, hold-readers, delay-readers, drop-announcements, trim, wipe, revoke,
                             lock-channel, burst, throw-error; with --pushpin also kill-proxy, stop-proxy, hold-control; with
                             any --bus but database also cut-bus, hold-bus, delay-bus, kill-bus
              --bugs         plants each bug in turn; exit status 0 if each was found as the right kind of breach
              --trace DIR    the directory of the trace (default target/torture/…)

            lock-channel: an application's transaction holds a channel for 4 to 20 s, through the front door or by bare SQL,
            while every node sends to that channel and to one that is not locked. Two times out of three nothing else delays
            sends. Then a send to the unlocked channel counts as lost if it fails or takes more than 4 s, and a send to the
            locked one if its outcome stays unknown.
            burst: sends 2,000 small events at once to 1,500 readers of one node (heap 128 MB). Each reader has the shared
            channel and a private one.
            throw-error: throws an AssertionError or OutOfMemoryError once in a loop of a node (fan-out, its tick, catch-up,
            poll, retention, sending to and receiving from the bus; behind Pushpin also sweep, deletion of announced rows,
            lane). All loops must be healthy at the end; each unhealthy one counts as lost. So does each node that cannot use the
            bus.
            revoke: reports the change on one node. Readers of all nodes must be disconnected within 5 s, or within 5 s after
            the last trouble of the database, the bus or a stopped process. If the node is killed before it can have notified
            the others, the change is reported on another node.
            Over a fast bus, events of the channel that is not stored must reach the streams of all nodes within 45 s, or a
            reset must cover them. Events that were lost when their node was killed are exempt.

            In all runs, further writers finish channels (job-…): alone, in transactions that commit, roll back or die, and with a
            last event that they repeat under its key. Readers of such a channel must get everything and then stream-end, at the
            latest after 45 s without trouble and at the end of the run, and 204 when they return. Nothing may follow an end in the
            log, and no stream may end without one. A wiped channel is not judged.
            Latest channels (latest-…): a reader gets no reset and no event after a newer one. The first event of a stream is not
            older than the newest one was 5 s (over a fast bus 15 s) before the request, if there was no trouble since. At the end
            all readers have the newest event.
            Some readers use /mine (a template with {user?}) or /events/me (a selector) and are judged like those who name their
            channels. Nobody may read the channel mine-… of another user. Some ask for one type of event (/typed) and get exactly
            those; some ask for the last few events (/history?start=last:N) and get one run that begins with them.

            Some readers use the browser client: the file that the bundle serves, in Node.js, over fetch and, if Node has one,
            EventSource. Only the client reconnects and drops repeats, so its page must see each event once. If the page is
            left or the client is refused, another client continues from the last event that was shown.

            Exit status: 0 if the contract held, 1 if it was broken, 2 if the run failed. The last line counts committed
            events, readers, kills (SIGKILL of processes), cuts of connections, resets, and the breaches: lost, phantom (not
            committed, or an id with two meanings), reordered, repeated, leaked.

            The trace is plain text. Each line of events.log is an event that was sent, with its outcome; of readers.log, an
            event that a reader received; of faults.log, a fault; of breaches.log, a breach. Lines begin with the milliseconds
            since the start. One grep shows an event or a reader:
              grep -h 'token=w1.42 ' DIR/*.log | sort       grep -h 'reader=r7 ' DIR/*.log | sort
              grep -h 'channel=c3 id=k3f9x2-41 ' DIR/*.log | sort
            """;

    static Options parse(String[] arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "\"" + arguments[i] + "\" is not an option with a value; see --help");
            }
            values.put(arguments[i].substring(2), arguments[i + 1]);
        }
        long seed = number(values.remove("seed"), ThreadLocalRandom.current().nextLong(1_000_000));
        String minutes = values.remove("minutes");
        String bug = values.remove("bug");
        String trace = values.remove("trace");
        String database = values.remove("database");
        String bus = values.remove("bus");
        String faults = values.remove("faults");
        Options options = new Options(
                Duration.ofMillis(Math.round(60_000 * Double.parseDouble(minutes == null ? "3" : minutes))),
                seed,
                database == null ? "h2" : database,
                bus == null ? BusLinks.DATABASE : bus,
                bug == null ? Bug.NONE : Bug.of(bug),
                (int) number(values.remove("pushpin"), 0),
                (int) number(values.remove("nodes"), 2),
                (int) number(values.remove("readers"), 24),
                (int) number(values.remove("writers"), 3),
                faults == null
                        ? List.of()
                        : Splitter.on(',')
                                .splitToStream(faults)
                                .map(FaultKind::of)
                                .toList(),
                trace == null ? Path.of("target", "torture", System.currentTimeMillis() + "-" + seed) : Path.of(trace));
        if (!values.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no option --" + values.keySet().iterator().next() + "; see --help");
        }
        return options;
    }

    private static long number(@Nullable String value, long otherwise) {
        return value == null ? otherwise : Long.parseLong(value);
    }

    Options with(Bug otherBug, Path otherDirectory) {
        return new Options(
                time, seed, database, bus, otherBug, pushpins, nodes, readers, writers, faults, otherDirectory);
    }
}
