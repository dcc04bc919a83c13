package dev.eventstream.stream;

import dev.eventstream.event.EventType;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The types of events that a stream shows. The stream's position also advances past the other events, so it resumes exactly.
 *
 * <p>Immutable.
 *
 * @param types empty for all types
 */
public record TypeFilter(Set<EventType> types) {
    /** Shows all types. */
    public static final TypeFilter ALL = new TypeFilter(Set.of());

    public TypeFilter {
        types = Set.copyOf(types);
    }

    /** Shows these types; all if there are none. */
    public static TypeFilter of(Collection<EventType> types) {
        return types.isEmpty() ? ALL : new TypeFilter(Set.copyOf(types));
    }

    /** Whether it shows all types. */
    public boolean isAll() {
        return types.isEmpty();
    }

    /** Whether it shows events of that type. The end of a channel is never filtered. */
    public boolean shows(EventType type) {
        return types.isEmpty() || types.contains(type) || type.equals(EventType.END);
    }

    /** The types, sorted; none for all types. */
    public List<String> sorted() {
        return types.stream().map(EventType::value).sorted().toList();
    }
}
