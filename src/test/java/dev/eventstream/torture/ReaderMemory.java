package dev.eventstream.torture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.torture.StreamParser.Block;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one reader remembers across connections, by the rules of the shipped client: a position in each channel. It only moves
 * forward, unless a {@code stream-reset} sets it. An event at or before it is a repeat and is dropped. Everything else that does
 * not follow from the events before is reported.
 *
 * <p>Confined to the reader's thread, except {@link #rests}.
 */
final class ReaderMemory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECENT_UNSTORED = 1_000;
    private static final int OPEN_GAPS = 64;

    private final String name;
    private final String user;
    private final boolean rareOnly;
    private final boolean seesNoRepeats;
    private final Set<String> channels;
    private final Truth truth;
    private final Findings findings;
    private final Permissions permissions;
    private final Trace trace;

    // guarded by this; written on the reader's thread only
    private final Map<String, Position> positions = new TreeMap<>();

    private final Set<String> lostLogs = new HashSet<>();
    private final Map<String, Position> highest = new HashMap<>();
    private final Deque<Gap> gaps = new ArrayDeque<>();
    private final Set<Token> recentUnstored = new LinkedHashSet<>();
    private Map<String, Position> asked = Map.of();
    private String lastEventId = "";
    private long shown;
    private long resets;

    /**
     * @param user empty for an anonymous reader
     * @param channels the channels that it reads
     */
    ReaderMemory(
            String name,
            String user,
            Set<String> channels,
            Truth truth,
            Findings findings,
            Permissions permissions,
            Trace trace) {
        this(name, user, false, false, channels, truth, findings, permissions, trace);
    }

    /**
     * @param rareOnly whether it asks only for events of the rare type
     * @param seesNoRepeats whether a client drops repeats first, so that a repeat is a breach
     */
    ReaderMemory(
            String name,
            String user,
            boolean rareOnly,
            boolean seesNoRepeats,
            Set<String> channels,
            Truth truth,
            Findings findings,
            Permissions permissions,
            Trace trace) {
        this.name = name;
        this.user = user;
        this.rareOnly = rareOnly;
        this.seesNoRepeats = seesNoRepeats;
        this.channels = Set.copyOf(channels);
        this.truth = truth;
        this.findings = findings;
        this.permissions = permissions;
        this.trace = trace;
    }

    static boolean isStored(String channel) {
        return !channel.startsWith("unstored-");
    }

    /** The id that an EventSource would send: the last one received. */
    String lastEventId() {
        return lastEventId;
    }

    /** The id that the shipped client would send: the positions of all channels, encoded. */
    synchronized String composedId() {
        return positions.entrySet().stream()
                .map(entry -> Wire.encode(entry.getKey()) + '=' + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** The events that it has yet to receive. Any thread. */
    synchronized List<Gap> rests() {
        List<Gap> rests = new ArrayList<>();
        positions.forEach((channel, position) ->
                truth.rest(name, user, rareOnly, channel, position).ifPresent(rests::add));
        return rests;
    }

    long shown() {
        return shown;
    }

    long resets() {
        return resets;
    }

    /** Notes that the next connection begins at earlier positions than the reader has; none if the id is empty. */
    synchronized void asksFrom(String id) {
        asked = Position.parse(id);
    }

    /** Processes a block of the stream, except a {@code stream-error}. */
    synchronized void take(Block block) {
        switch (block.type()) {
            case "stream-open" -> open(block);
            case "stream-reset" -> reset(block);
            case "keep-alive" -> {}
            case "stream-end" -> end(block);
            case "" -> passBy(Position.parse(block.id()), "");
            default -> event(block);
        }
        if (block.hasId() && !block.id().equals("error")) {
            lastEventId = block.id();
        }
    }

    private void open(Block block) {
        trace.reader("reader=" + name + " open id=" + block.id());
        // without an id a reader cannot recognise a repeat from another holder that got the event late
        recentUnstored.clear();
        passBy(Position.parse(block.id()), "");
    }

    private void end(Block block) {
        trace.reader("reader=" + name + " end id=" + block.id());
        passBy(Position.parse(block.id()), "");
    }

    /** Handles positions that moved without an event of the channel. */
    private void passBy(Map<String, Position> now, String but) {
        now.forEach((channel, position) -> {
            if (!channel.equals(but)) {
                Position before = positions.get(channel);
                if (before == null) {
                    positions.put(channel, position);
                } else if (isNew(channel, position, before)) {
                    leaveOut(channel, before, position.epoch(), position.sequence());
                    positions.put(channel, position);
                }
            }
        });
    }

    private void reset(Block block) {
        Set<String> named = resetChannels(block.data());
        Map<String, Position> now = Position.parse(block.id());
        trace.reader("reader=" + name + " reset channels=" + named + " id=" + block.id());
        resets++;
        for (String channel : named) {
            Position before = positions.get(channel);
            if (isStored(channel) && before != null) {
                truth.reset(name, channel, before, asked.getOrDefault(channel, before));
                lostLogs.add(log(channel, before));
            }
        }
        now.forEach((channel, position) -> lostLogs.remove(log(channel, position)));
        Map<String, Position> others = new LinkedHashMap<>(now);
        others.keySet().removeAll(named);
        passBy(others, "");
        now.keySet().retainAll(named);
        positions.putAll(now);
    }

    /** The channels that a {@code stream-reset} names. */
    static Set<String> resetChannels(String data) {
        try {
            Set<String> named = new LinkedHashSet<>();
            for (JsonNode channel : JSON.readTree(data).path("channels")) {
                named.add(channel.asText());
            }
            return named;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the data of a stream-reset is not JSON", e);
        }
    }

    private void event(Block block) {
        Token token = Token.parse(block.data());
        String channel = token.channel();
        trace.reader("reader=" + name + " event channel=" + channel + " id="
                + (isStored(channel) ? Position.parse(block.id()).getOrDefault(channel, Position.NONE) : "none")
                + " token="
                + token);
        checkLeak(token);
        checkType(token, block.type());
        if (!isStored(channel)) {
            unstored(token);
            return;
        }
        Map<String, Position> now = Position.parse(block.id());
        Position position = now.get(channel);
        if (position == null || !block.hasId()) {
            findings.add(Breach.PHANTOM, "reader=" + name + " received an event without a position: token=" + token);
            return;
        }
        passBy(now, channel);
        step(channel, position, token, block.data());
    }

    private void checkLeak(Token token) {
        boolean wasAsked = channels.contains(token.channel());
        boolean skipped = !token.skip().isEmpty() && token.skip().equals(user);
        if (!wasAsked || skipped || !permissions.mayShow(user, token)) {
            findings.add(
                    Breach.LEAKED,
                    "reader=" + name + " user=" + user + " received channel=" + token.channel() + " token=" + token
                            + (wasAsked ? "" : ", which it did not ask for") + (skipped ? ", which skips it" : ""));
        }
    }

    private void checkType(Token token, String type) {
        if (!type.equals(token.type()) || (rareOnly && !token.isRare())) {
            findings.add(
                    Breach.LEAKED,
                    "reader=" + name
                            + " received an event of a type that it did not ask for, or with another type: token="
                            + token + " type=" + type);
        }
    }

    private void unstored(Token token) {
        if (!recentUnstored.add(token)) {
            findings.add(Breach.REPEATED, "reader=" + name + " received an event twice: token=" + token);
        }
        if (recentUnstored.size() > RECENT_UNSTORED) {
            recentUnstored.remove(recentUnstored.iterator().next());
        }
        truth.shownUnstored(token);
        shown++;
    }

    private void step(String channel, Position position, Token token, String data) {
        Position before = positions.getOrDefault(channel, Position.NONE);
        truth.shown(name, channel, position, data);
        if (!isNew(channel, position, before)) {
            if (!comesLate(channel, position, token) && seesNoRepeats) {
                repeated(channel, position, token);
            }
            return;
        }
        if (position.isOf(before.epoch()) || before.isNone()) {
            leaveOut(channel, before, position.epoch(), position.sequence() - 1);
        } else {
            findings.add(
                    Breach.LOST,
                    "reader=" + name + " was led from one log to another without a reset: channel=" + channel + " from="
                            + before + " to=" + position);
        }
        Position most = highest.get(channel);
        if (most != null && most.isOf(position.epoch()) && position.sequence() <= most.sequence()) {
            repeated(channel, position, token);
        } else {
            highest.put(channel, position);
        }
        positions.put(channel, position);
        shown++;
    }

    private void repeated(String channel, Position position, Token token) {
        findings.add(
                Breach.REPEATED,
                "reader=" + name + " received an event twice: channel=" + channel + " id=" + position + " token="
                        + token);
    }

    /** Whether the event fills a gap. */
    private boolean comesLate(String channel, Position position, Token token) {
        boolean isLate = false;
        for (Gap gap : gaps) {
            if (gap.channel.equals(channel) && truth.fill(gap, position)) {
                isLate = true;
                findings.add(
                        Breach.REORDERED,
                        "reader=" + name + " received an event after a later one: channel=" + channel + " id="
                                + position + " token=" + token);
            }
        }
        return isLate;
    }

    private void leaveOut(String channel, Position before, String epoch, long through) {
        if (!before.isNone() && !before.isOf(epoch)) {
            findings.add(
                    Breach.LOST,
                    "reader=" + name + " was led from one log to another without a reset: channel=" + channel + " from="
                            + before + " to=" + epoch + '-' + through);
        } else if (through > before.sequence()) {
            Gap gap = new Gap(name, user, rareOnly, channel, epoch, before.sequence() + 1, through);
            truth.gap(gap);
            gaps.addLast(gap);
            if (gaps.size() > OPEN_GAPS) {
                gaps.removeFirst();
            }
        }
    }

    /** As in the shipped client: 0 is before the first event of any epoch, and events of a lost log are late. */
    private boolean isNew(String channel, Position position, Position known) {
        return position.isOf(known.epoch())
                ? position.sequence() > known.sequence()
                : !position.isNone() && !lostLogs.contains(log(channel, position));
    }

    private static String log(String channel, Position position) {
        return channel + ' ' + position.epoch();
    }
}
