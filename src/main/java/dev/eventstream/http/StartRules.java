package dev.eventstream.http;

import dev.eventstream.channel.PlainText;
import dev.eventstream.store.StartLimit;
import java.time.Instant;
import java.util.List;

/**
 * Where the streams of a route may begin in channels for which their clients state no position. These rules limit how far back a new
 * reader may start.
 *
 * <p>Immutable.
 */
final class StartRules {
    /** The query parameter with which a client asks for an entry. */
    static final String PARAMETER = "start";

    private final List<String> texts;
    private final List<Start> allowed;

    /**
     * @param texts as {@link Start#parse} reads them, each kind at most once; the first is for clients that do not ask
     * @throws IllegalArgumentException if the list is empty, an entry is malformed, or two are of the same kind
     */
    StartRules(List<String> texts) {
        this.texts = List.copyOf(texts);
        this.allowed = texts.stream().map(Start::parse).toList();
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("start is empty; without the key, streams begin now");
        }
        if (allowed.stream().map(Start::word).distinct().count() < allowed.size()) {
            throw new IllegalArgumentException(
                    "start has two entries of the same kind: " + String.join(", ", this.texts));
        }
    }

    /**
     * Where a stream begins. A client that asks for more events or older ones than a rule allows gets those that it allows.
     *
     * @param asked the values of the client's {@link #PARAMETER}
     * @param maxEvents the most events of each channel, whatever the rules allow
     * @throws IllegalArgumentException if what the client asks for is malformed, or of a kind that is not allowed
     */
    StartLimit choose(List<String> asked, Instant now, long maxEvents) {
        if (asked.size() > 1) {
            throw new IllegalArgumentException("start is given " + asked.size() + " times; allowed is once");
        }
        StartLimit chosen =
                asked.isEmpty() ? allowed.get(0).limit(now) : within(Start.parse(asked.get(0)), asked.get(0), now);
        return chosen.and(StartLimit.newest(maxEvents));
    }

    private StartLimit within(Start wanted, String text, Instant now) {
        for (Start rule : allowed) {
            if (rule.word().equals(wanted.word())) {
                return wanted.limit(now).and(rule.limit(now));
            }
        }
        throw new IllegalArgumentException(
                "start " + PlainText.quote(text) + " is not allowed at this address; allowed are "
                        + String.join(", ", texts) + " (eventStream.routes[].start)");
    }

    /** Whether a stream may begin before now. */
    boolean reachesBack() {
        return allowed.stream().anyMatch(rule -> !rule.fixed().isNow());
    }

    /** The number of events in the rule {@code last:NUMBER}; 0 if there is none. */
    long lastEvents() {
        return allowed.stream()
                .filter(rule -> rule.word().equals("last"))
                .mapToLong(rule -> rule.fixed().events())
                .sum();
    }
}
