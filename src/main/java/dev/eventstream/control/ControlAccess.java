package dev.eventstream.control;

import dev.eventstream.grip.PercentDecoding;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a proxy's HTTP control port, and the credentials for it.
 *
 * <p>Immutable.
 *
 * @param uri http or https, without user and fragment; it may have a query, which may be secret
 * @param credentials what each request shows
 */
public record ControlAccess(URI uri, ControlCredentials credentials) {
    private static final String ALLOWED =
            "allowed is an address such as http://127.0.0.1:5561; yours is not shown because it may contain a password";

    /**
     * @throws IllegalArgumentException if that is not the address of a control port; the message begins with a verb and quotes
     *     nothing
     */
    public ControlAccess {
        check(uri);
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("has a user, but credentials are given separately");
        }
    }

    /**
     * Reads an address that may contain {@code user:password@}.
     *
     * @param fallback the credentials if the address names no user
     * @throws IllegalArgumentException if that is not the address of a control port, or there are two kinds of credentials; the
     *     message begins with a verb and quotes nothing
     */
    public static ControlAccess of(String text, @Nullable ControlCredentials fallback) {
        URI uri = parse(text);
        check(uri);
        String user = uri.getRawUserInfo();
        if (user != null && fallback != null) {
            throw new IllegalArgumentException(
                    "has a user, and there is a key as well; a control port is shown only one of them");
        } else if (user != null) {
            return new ControlAccess(withoutUser(uri), basic(user));
        }
        return new ControlAccess(withoutUser(uri), fallback == null ? ControlCredentials.none() : fallback);
    }

    /** The address for logs and health checks: without the query, which may be secret. */
    public URI shown() {
        return URI.create(origin(uri) + uri.getRawPath());
    }

    /**
     * A path below the address; the query stays.
     *
     * @param path begins and ends with a slash; Pushpin takes two slashes in a row for a different path
     */
    public URI below(String path) {
        return URI.create(origin(uri) + pathWithoutSlash(uri) + path + query(uri));
    }

    /** The root of the server that has the control port. */
    public URI root() {
        return URI.create(origin(uri) + "/");
    }

    /** Shows neither the query nor the credentials. */
    @Override
    public String toString() {
        return "ControlAccess[" + shown() + ", " + credentials + "]";
    }

    // the cause would quote the address
    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URL; " + ALLOWED);
        }
    }

    private static void check(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("does not begin with http:// or https://; " + ALLOWED);
        } else if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException(
                    "has no host name of letters, digits, '-' and '.', or no valid port; " + ALLOWED);
        } else if (uri.getRawFragment() != null || uri.getRawPath().contains("//")) {
            throw new IllegalArgumentException("has a '#' or an empty part in its path; " + ALLOWED);
        }
    }

    private static ControlCredentials basic(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? ControlCredentials.basic(PercentDecoding.percentDecode(userInfo), "")
                : ControlCredentials.basic(
                        PercentDecoding.percentDecode(userInfo.substring(0, colon)),
                        PercentDecoding.percentDecode(userInfo.substring(colon + 1)));
    }

    private static URI withoutUser(URI uri) {
        return URI.create(origin(uri) + pathWithoutSlash(uri) + query(uri));
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    private static String pathWithoutSlash(URI uri) {
        String path = uri.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String query(URI uri) {
        return uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    }
}
