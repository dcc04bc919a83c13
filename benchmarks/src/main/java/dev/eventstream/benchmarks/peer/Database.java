package dev.eventstream.benchmarks.peer;

import java.util.Locale;

/**
 * Where the product stores events. Immutable.
 *
 * @param password may be empty
 */
public record Database(String driver, String url, String user, String password) {
    /** The block for the configuration. */
    String yaml() {
        return String.format(
                Locale.ROOT,
                "{driverClass: %s, url: '%s', user: '%s', password: '%s', maxSize: 32, minSize: 8, initialSize: 8}",
                driver,
                url,
                user,
                password);
    }
}
