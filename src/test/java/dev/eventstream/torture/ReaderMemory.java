package dev.eventstream.torture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.torture.StreamParser.Block;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one reader remembers from connection to connection, by the rules of the shipped client: a position in each channel,
 * which only moves on, unless a {@code stream-reset} says where to go on; an event at or before it is a repeat and dropped.
 * Whatever does not follow from what came before is reported.
 *
 * <p>Confined to the reader's thread, but for {@link #rests}.
 */
final class ReaderMemory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECENT_UNSTORED = 1_000;
    private static final int OPEN_GAPS = 64;

    private final String name;
    private final String user;
    private final Set<String> channels;
    private final Truth truth;
    private final Findings findings;
    private final Permissions permissions;
    private final Trace trace;

    // guarded by this; written on the reader's thread only
    private final Map<String, Position> positions = new TreeMap<>();

    private final Map<String, Position> highest = new HashMap<>();
    private final Deque<Gap> gaps = new ArrayDeque<>();
    private final Set<Token> recentUnstored = new LinkedHashSet<>();
    private String lastEventId = "";
    private long shown;
    private long resets;

    /**
     * @param user empty for an anonymous reader
     * @param channels what it reads
     */
    ReaderMemory(
            String name,
            String user,
            Set<String> channels,
            Truth truth,
            Findings findings,
            Permissions permissions,
            Trace trace) {
        this.name = name;
        this.user = user;
        this.channels = Set.copyOf(channels);
        this.truth = truth;
        this.findings = findings;
        this.permissions = permissions;
        this.trace = trace;
    }

    static boolean isStored(String channel) {
        return !channel.startsWith("unstored-");
    }

    /** As an EventSource has it: the last id that came. */
    String lastEventId() {
        return lastEventId;
    }

    /** As the shipped client has it: the positions of all channels, encoded. */
    synchronized String composedId() {
        return positions.entrySet().stream()
                .map(entry -> Wire.encode(entry.getKey()) + '=' + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** What it has yet to be shown. Any thread. */
    synchronized List<Gap> rests() {
        List<Gap> rests = new ArrayList<>();
        positions.forEach(
                (channel, position) -> truth.rest(name, user, channel, position).ifPresent(rests::add));
        return rests;
    }

    long shown() {
        return shown;
    }

    long resets() {
        return resets;
    }

    /** Takes a block of the stream, whatever it is but a {@code stream-error}. */
    synchronized void take(Block block) {
        switch (block.type()) {
            case "stream-open" -> open(block);
            case "stream-reset" -> reset(block);
            case "keep-alive" -> {}
            case "" -> passBy(Position.parse(block.id()), "");
            default -> event(block);
        }
        if (block.hasId() && !block.id().equals("error")) {
            lastEventId = block.id();
        }
    }

    private void open(Block block) {
        trace.reader("reader=" + name + " open id=" + block.id());
        // without an id nobody can tell that another holder, who got it late, shows it again
        recentUnstored.clear();
        passBy(Position.parse(block.id()), "");
    }

    /** Positions that moved without an event of the channel. */
    private void passBy(Map<String, Position> now, String but) {
        now.forEach((channel, position) -> {
            if (!channel.equals(but)) {
                Position before = positions.get(channel);
                if (before == null) {
                    positions.put(channel, position);
                } else if (isAfter(position, before)) {
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
                truth.reset(name, channel, before);
            }
        }
        Map<String, Position> others = new LinkedHashMap<>(now);
        others.keySet().removeAll(named);
        passBy(others, "");
        // the shipped client forgets what it had, the positions of channels that were not reset included
        positions.putAll(now);
    }

    private static Set<String> resetChannels(String data) {
        try {
            Set<String> named = new LinkedHashSet<>();
            for (JsonNode channel : JSON.readTree(data).path("channels")) {
                named.add(channel.asText());
            }
            return named;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stream-reset whose data is no JSON", e);
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
        if (!isStored(channel)) {
            unstored(token);
            return;
        }
        Map<String, Position> now = Position.parse(block.id());
        Position position = now.get(channel);
        if (position == null || !block.hasId()) {
            findings.add(Breach.PHANTOM, "reader=" + name + " was shown an event without a position: token=" + token);
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
                    "reader=" + name + " user=" + user + " was shown channel=" + token.channel() + " token=" + token
                            + (wasAsked ? "" : ", which it did not ask for") + (skipped ? ", which skips it" : ""));
        }
    }

    private void unstored(Token token) {
        if (!recentUnstored.add(token)) {
            findings.add(Breach.REPEATED, "reader=" + name + " was shown an event twice: token=" + token);
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
        if (!isAfter(position, before)) {
            comesLate(channel, position, token);
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
            findings.add(
                    Breach.REPEATED,
                    "reader=" + name + " was shown an event twice: channel=" + channel + " id=" + position + " token="
                            + token);
        } else {
            highest.put(channel, position);
        }
        positions.put(channel, position);
        shown++;
    }

    private void comesLate(String channel, Position position, Token token) {
        for (Gap gap : gaps) {
            if (gap.channel.equals(channel) && truth.fill(gap, position)) {
                findings.add(
                        Breach.REORDERED,
                        "reader=" + name + " was shown an event after a later one: channel=" + channel + " id="
                                + position + " token=" + token);
            }
        }
    }

    private void leaveOut(String channel, Position before, String epoch, long through) {
        if (!before.isNone() && !before.isOf(epoch)) {
            findings.add(
                    Breach.LOST,
                    "reader=" + name + " was led from one log to another without a reset: channel=" + channel + " from="
                            + before + " to=" + epoch + '-' + through);
        } else if (through > before.sequence()) {
            Gap gap = new Gap(name, user, channel, epoch, before.sequence() + 1, through);
            truth.gap(gap);
            gaps.addLast(gap);
            if (gaps.size() > OPEN_GAPS) {
                gaps.removeFirst();
            }
        }
    }

    /** As the shipped client has it: 0 is before the first event of any epoch. */
    private static boolean isAfter(Position position, Position known) {
        return position.isOf(known.epoch()) ? position.sequence() > known.sequence() : !position.isNone();
    }
}
