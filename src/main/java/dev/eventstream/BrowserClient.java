package dev.eventstream;

import dev.eventstream.http.ClientFiles;

/**
 * The addresses of the browser client, for templates of pages. The bundle serves them if {@code eventStream.clientScript} is set.
 *
 * <p>Thread-safe.
 */
public final class BrowserClient {
    private static final ClientFiles FILES = ClientFiles.ofClient();

    private BrowserClient() {}

    /**
     * The address of a file, such as {@code /eventstream/6f1c5a0e9b7d2c43/eventstream.mjs}, which browsers cache for a year. The address
     * changes with the content of the client. If the application's resources have a prefix ({@code server.rootPath}), put it in front.
     *
     * @param file {@code eventstream.js}, a classic script, or {@code eventstream.mjs}, an ES module; {@code eventstream-tabs} and
     *     {@code eventstream-adapter} exist in both forms, too; or the source map of any of them. Two readers of other projects also
     *     exist in both forms: {@code reconnecting-eventsource} and {@code event-source-polyfill}
     * @throws IllegalArgumentException if the client has no such file; the message lists its files
     */
    public static String path(String file) {
        return FILES.path(file);
    }
}
