package dev.eventstream.readers;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** One reader of each library, at the same address. */
final class Readers implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(40);

    private final Map<Library, OpenReader> readers = new EnumMap<>(Library.class);

    /**
     * @param path contains a question mark; each reader adds its name
     */
    Readers(Collection<Library> libraries, int port, String path, Map<String, String> headers) {
        for (Library library : libraries) {
            URI uri = URI.create("http://localhost:" + port + path + "&reader=" + library);
            readers.put(library, library.open(uri, headers));
        }
    }

    /** Waits until the condition is true for each reader. */
    Readers await(String what, BiPredicate<Library, OpenReader> condition) {
        Awaitility.await().atMost(LONGEST).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            List<String> late = readers.entrySet().stream()
                    .filter(reader -> !condition.test(reader.getKey(), reader.getValue()))
                    .map(reader -> reader.getKey() + " has "
                            + reader.getValue().events().stream()
                                    .map(event -> event.type() + ' ' + shortened(event.data()))
                                    .collect(Collectors.toList()))
                    .toList();
            if (!late.isEmpty()) {
                throw new AssertionError(what + ": " + late);
            }
        });
        return this;
    }

    Readers awaitOpen() {
        return await("open", (library, reader) -> reader.has("stream-open"));
    }

    void forEach(BiConsumer<Library, OpenReader> check) {
        readers.forEach(check);
    }

    /** Data that can be printed: long data is replaced by its beginning and its hash code. */
    static String shortened(String data) {
        return data.length() < 100 ? data : data.substring(0, 20) + '#' + data.hashCode();
    }

    @Override
    public void close() {
        readers.values().forEach(OpenReader::close);
    }
}
