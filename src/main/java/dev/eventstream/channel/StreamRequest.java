package dev.eventstream.channel;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A client's request for a stream.
 *
 * <p>Immutable.
 *
 * @param uri the complete address, with the host that the client named
 * @param path the decoded parts of the path that the route has in braces, by name
 * @param query the decoded query parameters; each has one value or more
 */
public record StreamRequest(URI uri, Map<String, String> path, Map<String, List<String>> query) {
    public StreamRequest {
        path = Map.copyOf(path);
        query = query.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }

    /** The first value of a query parameter; empty if the address does not have the parameter. */
    public Optional<String> queryParameter(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }
}
