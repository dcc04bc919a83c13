package dev.eventstream.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eventstream.torture.StreamParser.Block;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A reader that uses the browser client, in a {@link ClientProcess}. It begins before the first event of each
 * channel. Only its client reconnects and drops repeats, so a repeat is a breach. If the client gives up, or the page
 * is left, another client continues from the last event that was shown.
 *
 * <p>Confined to one thread, except {@link #rests}.
 */
final class ClientReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reasons for a client to give up that are not its fault. */
    private static final Set<String> EXPECTED = Set.of("left", "forbidden");

    private final String name;
    private final String user;
    private final String path;
    private final Set<String> channels;
    private final List<Integer> ports;
    private final Random random;
    private final ReaderMemory memory;
    private final Permissions permissions;
    private final Findings findings;
    private final Trace trace;
    private long repeats;
    private long reconnects;

    /**
     * @param number decides what kind of reader it is
     * @param overEventSource whether it reads over EventSource. Such a client cannot send a token, and takes an event for a new one if it
     *     cannot tell whether it is a repeat. So the reader is anonymous, reads only stored channels, and no proxy is between
     */
    ClientReader(
            int number,
            long seed,
            boolean overEventSource,
            Doors doors,
            Truth truth,
            Findings findings,
            Permissions permissions,
            Trace trace) {
        this.random = new Random(seed * 32_452_843 + number);
        this.name = "b" + number;
        this.user = overEventSource || number % 3 == 0 ? "" : Channels.USERS.get(number % Channels.USERS.size());
        String route = overEventSource ? StreamReader.NAMED : StreamReader.route(number);
        this.channels = new LinkedHashSet<>(
                route.equals(StreamReader.NAMED) ? Channels.some(user, false, random) : Channels.chosen(route, user));
        if (overEventSource) {
            channels.removeIf(channel -> !ReaderMemory.isStored(channel));
        }
        this.path = StreamReader.path(route, channels, "");
        this.ports = doors.ports(overEventSource);
        this.permissions = permissions;
        this.findings = findings;
        this.trace = trace;
        boolean rareOnly = route.equals(Channels.TYPED_ROUTE);
        this.memory = new ReaderMemory(name, user, rareOnly, true, channels, truth, findings, permissions, trace);
        memory.take(new Block(true, beginning(), "", ""));
        trace.reader("reader=" + name + " user=" + user + " route=" + route + " channels=" + channels
                + " as the browser client over " + (overEventSource ? "EventSource" : "fetch"));
    }

    private String beginning() {
        return channels.stream()
                .filter(ReaderMemory::isStored)
                .map(channel -> Wire.encode(channel) + '=' + Position.NONE)
                .collect(Collectors.joining(","));
    }

    String name() {
        return name;
    }

    long shown() {
        return memory.shown();
    }

    /** Repeats that its clients have dropped. */
    long repeats() {
        return repeats;
    }

    long reconnects() {
        return reconnects;
    }

    /** The events that it has not received yet; none if it may not read one of its channels now. Any thread. */
    List<Gap> rests() {
        return permissions.isAnyRevoked(user, channels) ? List.of() : memory.rests();
    }

    /** The command that opens a stream. */
    String open(int delayMillis) {
        ObjectNode command = JSON.createObjectNode();
        command.put("reader", name).put("user", user).put("path", path);
        command.set("ports", JSON.valueToTree(ports));
        return command.put("lastEventId", memory.composedId())
                .put("delay", delayMillis)
                .toString();
    }

    /** Processes a report of its client; returns the command that follows. */
    Optional<String> take(JsonNode report) {
        if (report.has("event")) {
            memory.take(new Block(
                    true,
                    report.path("id").asText(),
                    report.path("event").asText(),
                    report.path("data").asText()));
        } else if (report.has("reset")) {
            String data =
                    JSON.valueToTree(Map.of("channels", report.path("reset"))).toString();
            memory.take(new Block(true, report.path("id").asText(), "stream-reset", data));
        } else {
            trace.reader("reader=" + name + " client " + report);
        }
        if (report.has("asks")) {
            memory.asksFrom(report.path("asks").asText());
        }
        if (report.path("status").asText().equals("open")) {
            memory.take(new Block(false, "", "stream-open", ""));
        }
        if (report.has("stats")) {
            repeats += report.path("stats").path("repeated").asLong();
            reconnects += report.path("stats").path("reconnects").asLong();
        }
        return report.has("closed") ? Optional.of(closed(report.path("closed").asText())) : Optional.empty();
    }

    private String closed(String reason) {
        if (!EXPECTED.contains(reason)) {
            findings.add(Breach.LOST, "reader=" + name + " has a client that gave up: " + reason);
        }
        memory.asksFrom("");
        return open(reason.equals("left") ? random.nextInt(2_000) : 1_000);
    }
}
