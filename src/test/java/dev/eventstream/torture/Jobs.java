package dev.eventstream.torture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The channels that writers finish, and where their logs end. It compares what the log says about their ends with what writers know and
 * what readers were told.
 *
 * <p>A channel whose log was wiped is not judged further, except that nothing may follow an end in the same log. Reports that
 * the log must confirm wait for a reading that begins after them.
 *
 * <p>Thread-safe.
 */
final class Jobs {
    private static final String PREFIX = "job-";

    /** Readers choose among this many, the newest ones. */
    private static final int RECENT = 12;

    private final Findings findings;
    private final Permissions permissions;

    // guarded by this
    private final Map<String, Job> all = new LinkedHashMap<>();
    private final List<String> doubtful = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private long polls;
    private long ends;
    private long refusals;
    private long returns;

    Jobs(Findings findings, Permissions permissions) {
        this.findings = findings;
        this.permissions = permissions;
    }

    private static final class Job {
        boolean mayBeFinished;
        boolean isOver;
        boolean isWiped;

        @Nullable
        Position end;

        long endedMillis;

        /** By epoch. */
        final Map<String, Long> ends = new HashMap<>();
    }

    /** That a channel is finished, with the position of the reader who was told; {@link Position#NONE} from a writer. */
    private record Report(String by, String channel, Position position, long poll) {}

    static boolean isJob(String channel) {
        return channel.startsWith(PREFIX);
    }

    static String name(int writer, int number) {
        return PREFIX + writer + '.' + number;
    }

    // ---- reports of writers

    synchronized void begin(String channel) {
        all.put(channel, new Job());
    }

    /** Reports that a transaction which could finish the channel begins now. */
    synchronized void mayFinish(String channel) {
        job(channel).mayBeFinished = true;
    }

    /** Reports that nobody knows the outcome of a finish, so that a writer must find out. */
    synchronized void doubt(String channel) {
        doubtful.add(channel);
    }

    /** A channel that somebody must finish. */
    synchronized Optional<String> doubtful() {
        return doubtful.isEmpty() ? Optional.empty() : Optional.of(doubtful.remove(0));
    }

    /** Reports that a writer knows the finish to be committed. */
    synchronized void finished(String channel) {
        reports.add(new Report("a writer", channel, Position.NONE, polls));
    }

    /** Reports that a send was refused because the channel is finished. */
    synchronized void refused(String channel) {
        refusals++;
        if (!job(channel).mayBeFinished) {
            findings.add(
                    Breach.PHANTOM, "a send was refused as if finished, but no finish can have committed: " + channel);
        }
    }

    /** Reports that the channel will not be finished. */
    synchronized void giveUp(String channel) {
        job(channel).isOver = true;
    }

    // ---- reports about the log

    synchronized void beginReading() {
        polls++;
    }

    /** Reports an event of a channel; {@code isEnd} if it is the end. */
    synchronized void logged(String channel, Position position, boolean isEnd) {
        if (!isJob(channel)) {
            return;
        }
        Job job = job(channel);
        if (isEnd) {
            end(channel, job, position);
        }
        Long end = job.ends.get(position.epoch());
        if (end != null && position.sequence() > end) {
            findings.add(
                    Breach.PHANTOM,
                    "an event was committed after the end: channel=" + channel + " id=" + position + " end=" + end);
        }
    }

    /** Reports the row of a channel: its newest event, and whether it is finished. */
    synchronized void row(String channel, Position newest, boolean isFinished) {
        if (!isJob(channel)) {
            return;
        }
        Job job = job(channel);
        if (isFinished) {
            end(channel, job, newest);
        } else if (job.ends.containsKey(newest.epoch())) {
            findings.add(Breach.LOST, "a finished channel is not finished any more: channel=" + channel);
        }
    }

    private void end(String channel, Job job, Position position) {
        Long before = job.ends.putIfAbsent(position.epoch(), position.sequence());
        if (before == null) {
            job.end = position;
            job.endedMillis = System.currentTimeMillis();
            ends++;
            if (!job.mayBeFinished) {
                findings.add(Breach.PHANTOM, "a finish that did not commit is in the log: channel=" + channel);
            }
        } else if (before != position.sequence()) {
            findings.add(
                    Breach.PHANTOM,
                    "a channel has ended twice: channel=" + channel + " id=" + position + " first end=" + before);
        }
    }

    synchronized void wiped(String channel) {
        if (isJob(channel)) {
            job(channel).isWiped = true;
            job(channel).isOver = true;
        }
    }

    /** Judges the reports that the log must confirm by now. */
    synchronized void judge() {
        reports.removeIf(report -> report.poll() < polls && judged(report));
    }

    private boolean judged(Report report) {
        Job job = job(report.channel());
        if (job.isWiped) {
            return true;
        }
        if (job.end == null) {
            findings.add(
                    report.position().isNone() ? Breach.LOST : Breach.PHANTOM,
                    report.by() + " knows channel=" + report.channel() + " as finished, but the log does not");
        } else if (!report.position().isNone() && !report.position().equals(job.end)) {
            findings.add(
                    Breach.LOST,
                    report.by() + " was told the end of channel=" + report.channel() + " at id=" + report.position()
                            + ", but the log ends at id=" + job.end);
        }
        return true;
    }

    // ---- reports of readers

    /** Reports that a reader was told the end while it was at that position. */
    synchronized void told(String reader, String channel, Position position) {
        if (!job(channel).mayBeFinished) {
            findings.add(
                    Breach.PHANTOM,
                    "reader=" + reader + " was told the end of channel=" + channel + ", which nobody has finished");
        }
        reports.add(new Report("reader=" + reader, channel, position, polls));
    }

    /** Reports that a reader came back from the end and got 204. */
    synchronized void returned() {
        returns++;
    }

    /** One of the newest channels that is not over; in most cases, one that is not known to be finished, if there is any. */
    synchronized Optional<String> any(Random random) {
        List<String> recent = all.keySet().stream()
                .skip(Math.max(0, all.size() - RECENT))
                .filter(name -> !job(name).isOver)
                .toList();
        List<String> unfinished =
                recent.stream().filter(name -> job(name).end == null).toList();
        List<String> names = unfinished.isEmpty() || random.nextInt(4) == 0 ? recent : unfinished;
        return names.isEmpty() ? Optional.empty() : Optional.of(names.get(random.nextInt(names.size())));
    }

    /** Whether its end, if it has one, is not judged. */
    synchronized boolean isOver(String channel) {
        return job(channel).isOver;
    }

    synchronized boolean isFinished(String channel) {
        return job(channel).end != null;
    }

    /** For how many milliseconds nothing has prevented a stream that opened then from getting the end; 0 if something does. */
    synchronized long overdueMillis(String channel, long openedMillis) {
        Job job = job(channel);
        return job.end == null || job.isOver
                ? 0
                : System.currentTimeMillis()
                        - Math.max(permissions.troubleUntil(), Math.max(openedMillis, job.endedMillis));
    }

    /** What it has seen, for the user. */
    synchronized String summary() {
        return all.size() + " channels to be finished, " + ends + " ends, " + refusals + " sends refused, " + returns
                + " readers who came back got 204";
    }

    private Job job(String channel) {
        return Objects.requireNonNull(all.get(channel), channel);
    }
}
