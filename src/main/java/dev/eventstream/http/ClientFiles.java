package dev.eventstream.http;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files for browsers that come with this version, and their addresses: those of the browser client, with two readers of other
 * projects; or those of the inspector.
 *
 * <p>Immutable.
 */
public final class ClientFiles {
    /** The addresses of all files begin with this. */
    public static final String ROOT = "/eventstream/";

    /** The addresses of the inspector's files begin with this. */
    public static final String INSPECTOR_ROOT = ROOT + "inspector/";

    /** The classic script. */
    public static final String SCRIPT = "eventstream.js";

    /** The source map of the classic script, which browsers look for beside it. */
    public static final String SCRIPT_MAP = "eventstream.js.map";

    private static final List<String> OWN = List.of(
            SCRIPT,
            "eventstream.mjs",
            "eventstream-tabs.js",
            "eventstream-tabs.mjs",
            "eventstream-adapter.js",
            "eventstream-adapter.mjs");
    private static final List<String> OTHERS = List.of(
            "reconnecting-eventsource.js",
            "reconnecting-eventsource.mjs",
            "event-source-polyfill.js",
            "event-source-polyfill.mjs");
    private static final List<String> NAMES = Stream.concat(
                    OWN.stream().flatMap(name -> Stream.of(name, name + ".map")), OTHERS.stream())
            .toList();
    private static final List<String> INSPECTOR = List.of("inspector.css", "inspector.js", "inspector.js.map");
    private static final int DIGITS = 16;

    private final String root;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final String digest;

    private ClientFiles(String root, List<String> names) {
        this.root = root;
        Hasher hasher = Hashing.sha256().newHasher();
        names.forEach(name -> {
            byte[] content = read(name);
            files.put(name, content);
            hasher.putBytes(content);
        });
        this.digest = hasher.hash().toString().substring(0, DIGITS);
    }

    /** Reads the files of the browser client from the jar. */
    public static ClientFiles ofClient() {
        return new ClientFiles(ROOT, NAMES);
    }

    /** Reads the files of the inspector from the jar. */
    public static ClientFiles ofInspector() {
        return new ClientFiles(INSPECTOR_ROOT, INSPECTOR);
    }

    private static byte[] read(String name) {
        try {
            return Resources.toByteArray(Resources.getResource("dev/eventstream/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException("a file for browsers cannot be read from the jar: " + name, e);
        }
    }

    /** The content of a file; empty if there is no such file. The array must not be changed. */
    Optional<byte[]> content(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /** A word that differs for each content of the files. */
    String digest() {
        return digest;
    }

    /**
     * The address of a file, which names the content and may therefore be cached forever. Without the servlet's prefix.
     *
     * @throws IllegalArgumentException if there is no such file; the message lists the files
     */
    public String path(String name) {
        if (!files.containsKey(name)) {
            throw new IllegalArgumentException(
                    "the browser client has no file \"" + name + "\"; it has " + files.keySet());
        }
        return directory() + name;
    }

    /** What precedes the names of the files in their addresses. */
    String directory() {
        return root + digest + '/';
    }
}
