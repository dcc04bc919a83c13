package dev.eventstream.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the headers of a client from a file, because other users of the machine can see a command's arguments. Stateless, thread-safe. */
public final class ClientHeaders {
    private static final long MAX_BYTES = 1 << 16;

    private ClientHeaders() {}

    /**
     * Reads one header from each line, such as {@code Cookie: session=…}; ignores empty lines.
     *
     * @throws IOException if the file cannot be read or is longer than 64 KB
     * @throws IllegalArgumentException with the number of a line that is not a header
     */
    public static List<Map.Entry<String, String>> read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("the file " + file + " is longer than " + MAX_BYTES + " bytes");
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                headers.add(header(lines.get(i), file + ", line " + (i + 1)));
            }
        }
        return headers;
    }

    private static Map.Entry<String, String> header(String line, String place) {
        int colon = line.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(place + " is not a header; write it as NAME: VALUE");
        }
        return Map.entry(
                line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
}
