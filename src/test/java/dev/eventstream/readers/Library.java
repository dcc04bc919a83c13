package dev.eventstream.readers;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A reader of another project, and its limits. */
public enum Library {
    EVENTSOURCE("eventsource", "`eventsource` 5.1.5", Limit.ONLY_REGISTERED_TYPES, Limit.STOPS_AT_503),
    EVENTSOURCE_CLIENT("eventsource-client", "`eventsource-client` 1.2.0", Limit.ASKS_AFTER_A_REFUSAL),
    EVENTSOURCE_PARSER("eventsource-parser", "`eventsource-parser` 4.1.3"),
    EVENT_SOURCE_POLYFILL(
            "event-source-polyfill",
            "`event-source-polyfill` 1.0.31",
            Limit.ONLY_REGISTERED_TYPES,
            Limit.ASKS_AFTER_THE_END,
            Limit.STOPS_AT_503),
    RECONNECTING_EVENTSOURCE(
            "reconnecting-eventsource",
            "`reconnecting-eventsource` 1.6.5",
            Limit.ONLY_REGISTERED_TYPES,
            Limit.NO_HEADERS,
            Limit.ASKS_AFTER_THE_END,
            Limit.ASKS_AFTER_A_REFUSAL),
    FETCH_EVENT_SOURCE(
            "fetch-event-source",
            "`@microsoft/fetch-event-source` 2.0.1",
            Limit.ASKS_AFTER_THE_END,
            Limit.ASKS_AFTER_A_REFUSAL,
            Limit.LOSES_A_CUT_EVENT,
            Limit.LOSES_FIRST_LINE_BREAKS,
            Limit.LOSES_BYTE_ORDER_MARKS,
            Limit.SHOWS_EMPTY_BLOCKS),
    LAUNCHDARKLY("launchdarkly-eventsource", "`launchdarkly-eventsource` 2.2.0", Limit.ONLY_REGISTERED_TYPES),
    JERSEY(
            "jersey",
            "Jersey's `SseEventSource` 3.1",
            Limit.ASKS_AFTER_THE_END,
            Limit.LOSES_FIRST_SPACES,
            Limit.SHOWS_EMPTY_BLOCKS),
    OKHTTP("okhttp-eventsource", "`okhttp-eventsource` 4.2.0", Limit.ASKS_AFTER_THE_END, Limit.ASKS_AFTER_A_REFUSAL);

    private final String program;
    private final String title;
    private final ImmutableSet<Limit> limits;

    Library(String program, String title, Limit... limits) {
        this.program = program;
        this.title = title;
        this.limits = Sets.immutableEnumSet(List.of(limits));
    }

    /** Starts to read. */
    OpenReader open(URI uri, Map<String, String> headers) {
        return switch (this) {
            case JERSEY -> new JerseyReader(uri, headers);
            case OKHTTP -> new OkHttpReader(uri, headers);
            default -> new NodeReader(program, uri, headers);
        };
    }

    boolean has(Limit limit) {
        return limits.contains(limit);
    }

    /** Its row in the manual. */
    String row() {
        String text = limits.stream().map(Limit::text).collect(Collectors.joining("; "));
        return "| " + title + " | " + (text.isEmpty() ? "–" : text) + " |";
    }

    /** Its version in a {@code package.json}; empty if it is not an npm package. */
    Optional<String> dependency() {
        return this == JERSEY || this == OKHTTP
                ? Optional.empty()
                : Optional.of(title.replaceAll("`(.*)` (.*)", "\"$1\": \"$2\""));
    }

    /** The data that it shows for this text. */
    String shown(String text) {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n');
        lines = has(Limit.LOSES_FIRST_SPACES) ? lines.replaceAll("(?m)^ +", "") : lines;
        lines = has(Limit.LOSES_BYTE_ORDER_MARKS) ? lines.replaceAll("(?m)^\uFEFF", "") : lines;
        return has(Limit.LOSES_FIRST_LINE_BREAKS) ? lines.replaceAll("^\n+", "") : lines;
    }
}
