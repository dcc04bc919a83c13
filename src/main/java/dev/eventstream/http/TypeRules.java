package dev.eventstream.http;

import dev.eventstream.channel.PlainText;
import dev.eventstream.event.EventType;
import dev.eventstream.stream.TypeFilter;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The types of events that the streams of a route show.
 *
 * <p>Immutable.
 */
final class TypeRules {
    /** The query parameter with which a client chooses types, once per type. */
    static final String PARAMETER = "type";

    /** The most types of one stream: each occupies a subscription at a proxy. */
    static final int MAX_TYPES = 20;

    private static final String ANY = "*";

    private final boolean isChoice;
    private final Set<EventType> allowed;

    /**
     * @param texts the types; {@code *} alone lets clients choose among all types; none for a route on which they cannot choose
     * @throws IllegalArgumentException if one is not a type, there are too many, or one occurs twice
     */
    TypeRules(List<String> texts) {
        this.isChoice = !texts.isEmpty();
        this.allowed = texts.equals(List.of(ANY)) ? Set.of() : types(texts, "types");
        if (allowed.size() < texts.size() && !texts.equals(List.of(ANY))) {
            throw new IllegalArgumentException("types has an entry twice: " + String.join(", ", texts));
        }
        if (allowed.contains(new EventType(ANY))) {
            throw new IllegalArgumentException(
                    "types has \"*\", which stands for all types, and others; keep it alone");
        }
    }

    private static Set<EventType> types(Collection<String> texts, String what) {
        Set<EventType> types =
                texts.stream().map(EventType::ofApplication).collect(Collectors.toCollection(LinkedHashSet::new));
        if (types.size() > MAX_TYPES) {
            throw new IllegalArgumentException(
                    what + " has " + types.size() + " entries; allowed are at most " + MAX_TYPES);
        }
        return types;
    }

    /**
     * The types that a stream shows.
     *
     * @param asked the values of the client's {@link #PARAMETER}; none for all that the route allows
     * @throws IllegalArgumentException if one is malformed or not allowed, or there are too many
     */
    TypeFilter choose(List<String> asked) {
        if (asked.isEmpty()) {
            return TypeFilter.of(allowed);
        }
        if (!isChoice) {
            throw new IllegalArgumentException(
                    "this address does not let clients choose types of events; remove the type"
                            + " parameter from it (eventStream.routes[].types)");
        }
        Set<EventType> chosen = types(asked, PARAMETER);
        for (EventType type : chosen) {
            if (!allowed.isEmpty() && !allowed.contains(type)) {
                throw new IllegalArgumentException("type " + PlainText.quote(type.value())
                        + " is not allowed at this address; allowed are "
                        + allowed.stream().map(EventType::value).collect(Collectors.joining(", "))
                        + " (eventStream.routes[].types)");
            }
        }
        return TypeFilter.of(chosen);
    }

    /** Whether a stream may show only some types. */
    boolean mayFilter() {
        return isChoice;
    }

    /** How many types a stream shows if its client does not choose; 0 for all. */
    int count() {
        return allowed.size();
    }
}
