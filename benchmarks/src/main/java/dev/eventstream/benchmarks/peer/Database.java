package dev.eventstream.benchmarks.peer;

import java.util.Locale;

/**
 * A database with an empty log. Immutable.
 *
 * @param password may be empty
 * @param end closes and deletes the database; called after the service has ended
 */
public record Database(String driver, String url, String user, String password, Runnable end) {
    /** A database that somebody else closes. */
    public Database(String driver, String url, String user, String password) {
        this(driver, url, user, password, () -> {});
    }

    /** The block for the configuration. */
    String yaml() {
        return String.format(
                Locale.ROOT,
                "{driverClass: %s, url: '%s', user: '%s', password: '%s', minSize: 8, initialSize: 8, maxSize: 32}",
                driver,
                url,
                user,
                password);
    }
}
