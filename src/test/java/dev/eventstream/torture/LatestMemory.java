package dev.eventstream.torture;

import dev.eventstream.torture.StreamParser.Block;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What one reader of a latest channel remembers. It may miss events, but is never reset, and never gets an event after a newer one.
 * The first event of each stream is not older than the newest one was some seconds before the reader asked, unless there was trouble
 * since: a node may not have heard of what another has just sent.
 *
 * <p>Thread-safe; blocks are taken by one thread.
 */
final class LatestMemory {
    private final String name;
    private final String user;
    private final String channel;
    private final Truth truth;
    private final Findings findings;
    private final Permissions permissions;
    private final Trace trace;
    private final Duration lag;

    // guarded by this
    private final Set<String> earlier = new HashSet<>();
    private Position position = Position.NONE;
    private Position shown = Position.NONE;
    private Position newestBefore = Position.NONE;
    private boolean isFirst;
    private boolean mayRepeat;
    private String lastEventId = "";
    private long events;

    /**
     * @param lag how long a node may not know of an event of another node
     */
    LatestMemory(
            String name,
            String user,
            String channel,
            Truth truth,
            Findings findings,
            Permissions permissions,
            Trace trace,
            Duration lag) {
        this.name = name;
        this.user = user;
        this.channel = channel;
        this.truth = truth;
        this.findings = findings;
        this.permissions = permissions;
        this.trace = trace;
        this.lag = lag;
    }

    synchronized String lastEventId() {
        return lastEventId;
    }

    synchronized long events() {
        return events;
    }

    /** Forgets everything, as a new reader. */
    synchronized void forget() {
        earlier.clear();
        position = Position.NONE;
        shown = Position.NONE;
        lastEventId = "";
    }

    /**
     * Call it before a request.
     *
     * @param isDirect whether no proxy is between; a proxy may pass on an event that was also in the answer it has just fetched
     */
    synchronized void asks(boolean isDirect) {
        mayRepeat = !isDirect;
        long since = System.currentTimeMillis() - lag.toMillis();
        newestBefore = permissions.troubleUntil() > since ? Position.NONE : truth.newestAt(channel, since);
        isFirst = true;
    }

    /** Processes a block of the stream, except a {@code stream-error}. */
    synchronized void take(Block block) {
        switch (block.type()) {
            case "stream-reset" ->
                findings.add(
                        Breach.LOST,
                        "reader=" + name + " of a latest channel was reset: channel=" + channel + " id=" + block.id());
            case "stream-open" -> trace.reader("reader=" + name + " open id=" + block.id());
            case "keep-alive", "" -> {}
            default -> event(block);
        }
        if (block.hasId() && !block.id().equals("error")) {
            lastEventId = block.id();
            position = Position.parse(block.id()).getOrDefault(channel, position);
        }
    }

    private void event(Block block) {
        Token token = Token.parse(block.data());
        Position now = Position.parse(block.id()).getOrDefault(channel, Position.NONE);
        trace.reader("reader=" + name + " event channel=" + channel + " id=" + now + " token=" + token);
        if (!token.channel().equals(channel) || (!user.isEmpty() && token.skip().equals(user))) {
            findings.add(Breach.LEAKED, "reader=" + name + " user=" + user + " received token=" + token);
        }
        truth.shown(name, channel, now, block.data());
        if (mayRepeat && now.equals(shown)) {
            return;
        }
        checkOrder(now);
        if (isFirst && now.isOf(newestBefore.epoch()) && now.sequence() < newestBefore.sequence()) {
            findings.add(
                    Breach.REORDERED,
                    "reader=" + name + " received an old event of a latest channel first: channel=" + channel + " id="
                            + now + ", but the newest was " + newestBefore + " " + lag.toSeconds()
                            + " s before it asked");
        }
        isFirst = false;
        shown = now;
        events++;
    }

    private void checkOrder(Position now) {
        if (now.isOf(shown.epoch()) && now.sequence() <= shown.sequence()) {
            findings.add(
                    now.sequence() == shown.sequence() ? Breach.REPEATED : Breach.REORDERED,
                    "reader=" + name + " received an event of a latest channel after a newer one: channel=" + channel
                            + " id=" + now + " after=" + shown);
        } else if (earlier.contains(now.epoch()) && !now.isOf(shown.epoch())) {
            findings.add(
                    Breach.REORDERED,
                    "reader=" + name + " received an event of an earlier log: channel=" + channel + " id=" + now
                            + " after=" + shown);
        }
        earlier.add(now.epoch());
    }

    /** What is missing; empty if it has the newest event, or the event was trimmed or is not for this user. */
    synchronized Optional<String> waitsFor() {
        Optional<Position> newest = truth.newest(channel);
        if (newest.isEmpty()
                || (position.equals(newest.get())
                        && (shown.equals(newest.get()) || truth.mayMissNewest(channel, user)))) {
            return Optional.empty();
        }
        return Optional.of("reader=" + name + " does not have the newest event of channel=" + channel + ": newest="
                + newest.get() + " position=" + position + " last event=" + shown);
    }
}
