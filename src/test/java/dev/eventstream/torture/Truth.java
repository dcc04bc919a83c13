package dev.eventstream.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the log, the outcomes that writers know and the events that readers received, and finds the differences.
 *
 * <p>It keeps some 25 bytes for each event, and nothing for each reception. Reports about events that were not yet read from the
 * log wait for the next reading.
 *
 * <p>Thread-safe.
 */
final class Truth {
    /** How long a missing event may still arrive, out of order. */
    private static final Duration LATE = Duration.ofSeconds(3);

    /** How long a report about a log may be on its way to a slow reader; no fault lasts that long. */
    private static final Duration SLOW = Duration.ofSeconds(45);

    private static final long END_HASH = Token.hash("stream-end");

    private final Findings findings;

    // guarded by this
    private final Map<String, ChannelLog> logs = new HashMap<>();
    private final Map<String, ChannelLog> current = new HashMap<>();
    private final Map<Integer, BitSet> inLog = new HashMap<>();
    private final Map<Integer, BitSet> rolledBack = new HashMap<>();
    private final Map<Integer, BitSet> shownUnstored = new HashMap<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<Reset> resets = new ArrayList<>();
    private final List<Started> starts = new ArrayList<>();
    private long polls;
    private long events;
    private long unverified;

    Truth(Findings findings) {
        this.findings = findings;
    }

    /**
     * A request for the last few events of a channel.
     *
     * @param newest the newest event in the log before the request, as far as it was read
     */
    record Start(String reader, String channel, int events, Position newest) {}

    private record Started(Start start, Position position, long poll) {}

    private record Reset(String reader, String channel, Position from, Position asked, long poll) {}

    // ---- reports about the log

    synchronized void beginReading() {
        polls++;
    }

    /** Reports through which sequence the log of a channel has been read. */
    synchronized void followed(String channel, String epoch, long through, long trimmed) {
        ChannelLog log = log(channel, epoch);
        current.put(channel, log);
        log.followed = Math.max(log.followed, through);
        if (Channels.LATEST.contains(channel)) {
            log.noteRead(log.followed, System.currentTimeMillis());
        }
        log.trimmed = Math.max(log.trimmed, trimmed);
    }

    synchronized long followedThrough(String channel, String epoch) {
        return log(channel, epoch).followed;
    }

    synchronized void logged(String channel, Position position, String data) {
        ChannelLog log = log(channel, position.epoch());
        long sequence = position.sequence();
        long hash = Token.hash(data);
        long before = log.logged(sequence);
        if (before == hash) {
            return;
        }
        Token token = Token.parse(data);
        if (before == 0) {
            events++;
            check(log, sequence, hash, token);
        } else {
            findings.add(Breach.PHANTOM, "the log has another event under " + at(log, sequence) + ", token=" + token);
            log.setShown(sequence, 0);
            log.setTold(sequence, 0);
        }
        log.setLogged(sequence, hash, userNumber(token.skip()));
        log.rare.set((int) sequence, token.isRare());
    }

    /** Reports the end of a channel, which readers are not shown as an event. */
    synchronized void loggedEnd(String channel, Position position) {
        log(channel, position.epoch()).setLogged(position.sequence(), END_HASH, ChannelLog.EVERYONE);
    }

    private void check(ChannelLog log, long sequence, long hash, Token token) {
        if (bits(rolledBack, token).get(token.serial())) {
            findings.add(
                    Breach.PHANTOM, "the writer knows it as rolled back: " + at(log, sequence) + ", token=" + token);
        }
        if (bits(inLog, token).get(token.serial())) {
            findings.add(Breach.REPEATED, "the log has an event twice: " + at(log, sequence) + ", token=" + token);
        }
        bits(inLog, token).set(token.serial());
        if (log.shown(sequence) != 0 && log.shown(sequence) != hash) {
            findings.add(
                    Breach.PHANTOM, "readers received another event for " + at(log, sequence) + ", token=" + token);
        }
        if (log.told(sequence) != 0 && log.told(sequence) != hash) {
            findings.add(Breach.PHANTOM, "a writer knows another event for " + at(log, sequence) + ", token=" + token);
        }
    }

    /** Reports a sequence for which the log has no event, although it was not trimmed. */
    synchronized void hole(String channel, Position position) {
        findings.add(Breach.LOST, "the log has a hole at channel=" + channel + " id=" + position);
    }

    /** Reports that the whole log was deleted after it was read to its end. */
    synchronized void wiped(String channel, String epoch) {
        ChannelLog log = log(channel, epoch);
        log.wiped = true;
        log.wipedAtNanos = System.nanoTime();
        current.remove(channel, log);
        // an event that is sent again under its key is now rightly stored again
        inLog.clear();
    }

    // ---- reports of writers

    synchronized void committed(String channel, Position position, Token token, String data) {
        ChannelLog log = log(channel, position.epoch());
        long hash = Token.hash(data);
        if (differs(log.told(position.sequence()), hash) || differs(log.logged(position.sequence()), hash)) {
            findings.add(
                    Breach.PHANTOM,
                    "a writer got an id that belongs to another event: " + at(log, position.sequence()) + ", token="
                            + token);
        }
        log.setTold(position.sequence(), hash);
    }

    synchronized void rolledBack(Token token) {
        bits(rolledBack, token).set(token.serial());
        if (bits(inLog, token).get(token.serial())) {
            findings.add(Breach.PHANTOM, "the writer knows it as rolled back, but it is in the log: token=" + token);
        }
    }

    // ---- reports of readers

    synchronized void shown(String reader, String channel, Position position, String data) {
        ChannelLog log = log(channel, position.epoch());
        long hash = Token.hash(data);
        if (differs(log.shown(position.sequence()), hash) || differs(log.logged(position.sequence()), hash)) {
            findings.add(
                    Breach.PHANTOM,
                    "reader=" + reader + " received another event than the log or other readers have for "
                            + at(log, position.sequence()) + ", token=" + Token.parse(data));
        } else {
            log.setShown(position.sequence(), hash);
        }
    }

    synchronized void shownUnstored(Token token) {
        bits(shownUnstored, token).set(token.serial());
    }

    synchronized void gap(Gap gap) {
        gaps.add(gap);
    }

    /** Whether the event arrived late. */
    synchronized boolean fill(Gap gap, Position position) {
        return gap.fill(position);
    }

    void reset(String reader, String channel, Position from) {
        reset(reader, channel, from, from);
    }

    /**
     * Reports a reset.
     *
     * @param from the reader's position
     * @param asked the position from which its connection began: the same, or an earlier one
     */
    synchronized void reset(String reader, String channel, Position from, Position asked) {
        resets.add(new Reset(reader, channel, from, asked, polls));
    }

    /** Reports that a stream begins after that position. */
    synchronized void started(Start start, Position position) {
        starts.add(new Started(start, position, polls));
    }

    // ---- judgement

    /** Judges all reports about events that have been read from the log. */
    synchronized void judge() {
        resets.removeIf(reset -> reset.poll() < polls && judged(reset));
        starts.removeIf(started -> started.poll() < polls && judged(started));
        long now = System.nanoTime();
        gaps.removeIf(
                gap -> isKnown(gap) && (isExplained(gap) || now - gap.sinceNanos > LATE.toNanos()) && judged(gap));
    }

    private boolean judged(Started started) {
        Start start = started.start();
        Position position = started.position();
        ChannelLog log = log(start.channel(), position.epoch());
        long latest = Math.max(log.followed - start.events(), log.trimmed);
        if (!log.wiped && !position.isNone() && position.sequence() > latest) {
            findings.add(Breach.LOST, start + " begins too late, at id=" + position);
        }
        if (position.isOf(start.newest().epoch())
                && position.sequence() < start.newest().sequence() - start.events()) {
            findings.add(Breach.PHANTOM, start + " begins too early, at id=" + position);
        }
        return true;
    }

    private boolean judged(Reset reset) {
        if (!isGone(reset.channel(), reset.from()) && !isGone(reset.channel(), reset.asked())) {
            findings.add(
                    Breach.LOST,
                    "reader=" + reset.reader() + " was reset although its position exists: channel=" + reset.channel()
                            + " id=" + reset.from());
        }
        return true;
    }

    private boolean isGone(String channel, Position position) {
        if (position.isNone()) {
            return logs.values().stream().anyMatch(log -> log.channel.equals(channel) && lacksBeginning(log));
        }
        ChannelLog log = log(channel, position.epoch());
        return log.wiped || log.trimmed > position.sequence();
    }

    /** Whether the log has no beginning, or had none until a moment ago. */
    private static boolean lacksBeginning(ChannelLog log) {
        return log.trimmed > 0 && (!log.wiped || System.nanoTime() - log.wipedAtNanos < SLOW.toNanos());
    }

    private boolean isKnown(Gap gap) {
        return log(gap.channel, gap.epoch).followed >= gap.to;
    }

    private boolean isExplained(Gap gap) {
        return missing(gap).isEmpty();
    }

    private boolean judged(Gap gap) {
        List<Long> missing = missing(gap);
        if (!missing.isEmpty()) {
            findings.add(
                    Breach.LOST,
                    missing.size(),
                    gap + " did not arrive and no reset covers them, the first is " + gap.epoch + '-' + missing.get(0));
        }
        return true;
    }

    private List<Long> missing(Gap gap) {
        ChannelLog log = log(gap.channel, gap.epoch);
        int user = userNumber(gap.user);
        List<Long> missing = new ArrayList<>();
        for (long sequence = gap.from; sequence <= gap.to; sequence++) {
            int skip = log.logged(sequence) == 0 ? 0 : log.skip(sequence);
            boolean skipsReader = skip == ChannelLog.EVERYONE || (user != 0 && skip == user);
            boolean isFiltered = gap.rareOnly && log.logged(sequence) != 0 && !log.rare.get((int) sequence);
            if (!skipsReader && !isFiltered && !gap.isFilled(sequence)) {
                missing.add(sequence);
            }
        }
        return missing;
    }

    /** The events of a channel that a reader has yet to receive; empty if none. */
    synchronized Optional<Gap> rest(String reader, String user, boolean rareOnly, String channel, Position position) {
        ChannelLog log = current.get(channel);
        if (log == null || log.followed == 0) {
            return Optional.empty();
        }
        long from = position.isOf(log.epoch) ? position.sequence() + 1 : 1;
        Gap rest = new Gap(reader, user, rareOnly, channel, log.epoch, from, log.followed);
        return missing(rest).isEmpty() ? Optional.empty() : Optional.of(rest);
    }

    /** The newest event in the log of a channel, as far as it was read. */
    synchronized Optional<Position> newest(String channel) {
        ChannelLog log = current.get(channel);
        return log == null || log.followed == 0 ? Optional.empty() : Optional.of(new Position(log.epoch, log.followed));
    }

    /** The newest event in the log of a channel as it was at that time; {@link Position#NONE} if that is not known. */
    synchronized Position newestAt(String channel, long millis) {
        ChannelLog log = current.get(channel);
        if (log == null || log.readAt(millis) == 0) {
            return Position.NONE;
        }
        return new Position(log.epoch, log.readAt(millis));
    }

    /** Whether a new reader may miss the newest event of a latest channel: because it was trimmed, or skips the user. */
    synchronized boolean mayMissNewest(String channel, String user) {
        ChannelLog log = current.get(channel);
        return log == null
                || log.trimmed >= log.followed
                || (!user.isEmpty() && log.skip(log.followed) == userNumber(user));
    }

    /** Judges the remaining reports, once the log was read to its end. */
    synchronized void judgeAll(List<Gap> rests) {
        resets.forEach(this::judged);
        resets.clear();
        for (Iterator<Gap> each = gaps.iterator(); each.hasNext(); each.remove()) {
            judged(each.next());
        }
        rests.forEach(this::judged);
        logs.values().forEach(this::judgeUnlogged);
        shownUnstored.forEach((writer, serials) -> {
            BitSet both = (BitSet) serials.clone();
            both.and(rolledBack.getOrDefault(writer, new BitSet()));
            both.stream()
                    .forEach(serial -> findings.add(
                            Breach.PHANTOM,
                            "readers received an unstored event that was rolled back: token=w" + writer + '.'
                                    + serial));
        });
    }

    private void judgeUnlogged(ChannelLog log) {
        for (long sequence = 1; sequence <= log.highest; sequence++) {
            if (log.logged(sequence) != 0) {
                continue;
            }
            if (log.isUnverifiable(sequence)) {
                unverified++;
            } else if (log.told(sequence) != 0) {
                findings.add(
                        Breach.LOST, "a writer knows of the commit, but the log has nothing at " + at(log, sequence));
            } else if (log.shown(sequence) != 0) {
                findings.add(
                        Breach.PHANTOM, "readers received an event, but the log has nothing at " + at(log, sequence));
            }
        }
    }

    /** Events that are in the log, or were. */
    synchronized long events() {
        return events;
    }

    /** Events that were trimmed before this program could read them. */
    synchronized long unverified() {
        return unverified;
    }

    private ChannelLog log(String channel, String epoch) {
        return logs.computeIfAbsent(channel + '=' + epoch, name -> new ChannelLog(channel, epoch));
    }

    private static boolean differs(long known, long hash) {
        return known != 0 && known != hash;
    }

    private static String at(ChannelLog log, long sequence) {
        return "channel=" + log.channel + " id=" + log.epoch + '-' + sequence;
    }

    private static BitSet bits(Map<Integer, BitSet> byWriter, Token token) {
        return byWriter.computeIfAbsent(token.writer(), writer -> new BitSet());
    }

    // users are called u1, u2 and so on
    private static int userNumber(String user) {
        return user.isEmpty() ? 0 : Integer.parseInt(user.substring(1));
    }
}
