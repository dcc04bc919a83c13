package dev.eventstream.torture;

import dev.eventstream.torture.StreamParser.Block;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * One reader. It connects, reads at its pace, is cut off, stays away for a while, and comes back with its Last-Event-ID, mostly
 * to another node. One in five never leaves by itself. Once calm has come, each comes back and stays.
 *
 * <p>Runs on one thread.
 */
final class StreamReader implements Runnable {
    /** Several keep-alives. */
    private static final Duration SILENCE = Duration.ofSeconds(8);

    private static final int SLOW_RECEIVE_BUFFER = 4_096;

    /** The route whose readers name their channels. */
    static final String NAMED = "/events";

    private final String name;
    private final String user;
    private final String route;
    private final Set<String> channels;
    private final boolean slow;
    private final boolean stays;
    private final boolean sendsLastId;
    private final Random random;
    private final Duration absence;
    private final Doors doors;
    private final Phases phases;
    private final Permissions permissions;
    private final Findings findings;
    private final Trace trace;
    private final ReaderMemory memory;
    private final UnstoredWatch unstored;
    private final AtomicInteger leftByItself = new AtomicInteger();

    /**
     * @param number decides what kind of reader it is
     * @param seed of the run
     * @param absence the shortest time of its longer absences
     */
    StreamReader(
            int number,
            long seed,
            Duration absence,
            Doors doors,
            Phases phases,
            Truth truth,
            UnstoredEvents unstoredEvents,
            Findings findings,
            Permissions permissions,
            Trace trace) {
        this.random = new Random(seed * 1_000_003 + number);
        this.name = "r" + number;
        this.user = number % 3 == 0 ? "" : Channels.USERS.get(number % Channels.USERS.size());
        this.stays = number % 5 == 2;
        this.route = route(number);
        this.channels = route.equals(NAMED)
                ? Channels.some(user, stays, random)
                : new LinkedHashSet<>(Channels.chosen(route, user));
        boolean rareOnly = route.equals(Channels.TYPED_ROUTE);
        this.slow = number % 4 == 1;
        this.sendsLastId = number % 2 == 0;
        this.absence = absence;
        this.doors = doors;
        this.phases = phases;
        this.permissions = permissions;
        this.findings = findings;
        this.trace = trace;
        this.memory = new ReaderMemory(name, user, rareOnly, false, channels, truth, findings, permissions, trace);
        this.unstored = new UnstoredWatch(name, user, unstoredEvents, findings);
        trace.reader(
                "reader=" + name + " user=" + user + " route=" + route + " channels=" + channels + (slow ? " slow" : "")
                        + (stays ? " stays" : "")
                        + (sendsLastId ? " as EventSource" : " as the shipped client"));
    }

    /** The route of the reader with that number. */
    static String route(int number) {
        if (number % 8 == 5) {
            return Channels.TYPED_ROUTE;
        } else if (number % 4 == 2) {
            return Channels.SELECTOR_ROUTE;
        }
        return number % 5 == 3 ? Channels.TEMPLATE_ROUTE : NAMED;
    }

    String name() {
        return name;
    }

    ReaderMemory memory() {
        return memory;
    }

    String user() {
        return user;
    }

    Set<String> channels() {
        return channels;
    }

    @Override
    public void run() {
        try {
            while (!phases.isOver()) {
                if (random.nextInt(8) == 0 && !phases.isCalm()) {
                    tryForbidden();
                }
                stream();
                stayAway();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            findings.add(Breach.PHANTOM, "reader=" + name + " cannot interpret what it received: " + e);
        }
    }

    private void stayAway() throws InterruptedException {
        boolean longer = random.nextInt(6) == 0;
        long millis = longer ? (long) (absence.toMillis() * (1 + 2 * random.nextDouble())) : 50 + random.nextInt(800);
        if (phases.isCalm()) {
            phases.awaitOver(200);
        } else {
            phases.awaitCalm(millis);
        }
    }

    private void stream() throws InterruptedException {
        long life = 500 + (long) (-Math.log(1 - random.nextDouble()) * 8_000);
        int port = doors.anyPort(random);
        String id = sendsLastId ? memory.lastEventId() : memory.composedId();
        trace.reader("reader=" + name + " comes port=" + port + " last-event-id=" + id);
        try (HttpStream stream = new HttpStream(
                port,
                path(route, channels, sendsLastId ? "" : id),
                HttpStream.headers(user, sendsLastId ? id : ""),
                buffer(),
                SILENCE)) {
            if (stream.status() == 200) {
                read(stream, life, doors.isDirect(port));
            } else {
                trace.reader("reader=" + name + " gets status=" + stream.status());
            }
        } catch (IOException e) {
            trace.reader("reader=" + name + " cut off: " + e.getMessage());
        }
    }

    // Pushpin's readers get events that are not stored without a bus
    private void read(HttpStream stream, long lifeMillis, boolean isDirect) throws IOException, InterruptedException {
        try {
            read(stream, lifeMillis);
        } finally {
            if (!isDirect) {
                unstored.ignore();
            } else if (channels.contains(Channels.UNSTORED)) {
                unstored.end(phases.isOver() && !slow);
            }
        }
    }

    private void read(HttpStream stream, long lifeMillis) throws IOException, InterruptedException {
        StreamParser parser = new StreamParser(stream.body());
        long end = System.nanoTime() + lifeMillis * 1_000_000;
        int taken = 0;
        for (Optional<Block> block = parser.next(); block.isPresent(); block = parser.next()) {
            if (block.get().type().equals("stream-error")) {
                trace.reader("reader=" + name + " refused " + block.get().data());
                phases.awaitOver(block.get().data().contains("forbidden") ? 1_000 : 200);
                return;
            }
            memory.take(block.get());
            unstored.take(block.get());
            taken++;
            if (phases.isOver() || (!phases.isCalm() && !stays && System.nanoTime() - end > 0)) {
                trace.reader("reader=" + name + " leaves");
                leftByItself.incrementAndGet();
                stream.cut();
                return;
            }
            if (slow && taken % 40 == 0 && !phases.isCalm()) {
                phases.awaitCalm(500 + random.nextInt(3_000));
            }
        }
        trace.reader("reader=" + name + " stream ended");
    }

    /** Asks for a channel that it may never read, together with some that it may. */
    private void tryForbidden() throws InterruptedException {
        List<String> all = new ArrayList<>(List.of(Channels.SECRET, Channels.MEMBERS));
        Channels.USERS.forEach(other -> all.add(Channels.own(other)));
        all.removeIf(channel -> Permissions.couldRead(user, channel));
        String forbidden = all.get(random.nextInt(all.size()));
        Set<String> asked = new LinkedHashSet<>(channels);
        asked.add(forbidden);
        try (HttpStream stream = new HttpStream(
                doors.anyPort(random),
                path(NAMED, asked, ""),
                HttpStream.headers(user, ""),
                0,
                Duration.ofMillis(1_500))) {
            if (stream.status() == 200) {
                checkRefused(stream, forbidden);
            }
        } catch (IOException e) {
            trace.reader("reader=" + name + " no answer about " + forbidden + ": " + e.getMessage());
        }
    }

    private void checkRefused(HttpStream stream, String forbidden) throws IOException {
        StreamParser parser = new StreamParser(stream.body());
        for (Optional<Block> block = parser.next(); block.isPresent(); block = parser.next()) {
            if (block.get().type().equals("stream-error")) {
                trace.reader("reader=" + name + " is refused " + forbidden);
                return;
            }
            if (block.get().data().startsWith("token|")) {
                findings.add(
                        Breach.LEAKED,
                        "reader=" + name + " user=" + user + " got into " + forbidden + " and received token="
                                + Token.parse(block.get().data()));
                return;
            }
        }
    }

    private int buffer() {
        return slow && !phases.isCalm() ? SLOW_RECEIVE_BUFFER : 0;
    }

    /** What it requests. */
    static String path(String route, Set<String> asked, String id) {
        if (route.equals(Channels.TEMPLATE_ROUTE) || route.equals(Channels.SELECTOR_ROUTE)) {
            return route + (id.isEmpty() ? "" : "?lastEventId=" + Wire.encode(id));
        }
        String query =
                asked.stream().map(channel -> "channel=" + Wire.encode(channel)).collect(Collectors.joining("&"));
        String type = route.equals(Channels.TYPED_ROUTE) ? "&type=" + Channels.RARE : "";
        return route + '?' + query + type + (id.isEmpty() ? "" : "&lastEventId=" + Wire.encode(id));
    }

    /** The events that it has yet to receive; none if it may not read one of its channels now. */
    List<Gap> rests() {
        return permissions.isAnyRevoked(user, channels) ? List.of() : memory.rests();
    }
}
