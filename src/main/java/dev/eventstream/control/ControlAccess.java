package dev.eventstream.control;

import dev.eventstream.grip.PercentDecoding;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a proxy's HTTP control port is.
 *
 * <p>Immutable.
 *
 * @param uri without user, password and trailing slash, perhaps with a query; {@code /publish/} is appended to its path
 * @param credentials what it is shown
 */
public record ControlAccess(URI uri, ControlCredentials credentials) {
    private static final String ALLOWED =
            "allowed is one such as http://127.0.0.1:5561; it is not shown, it may hold a password";

    /**
     * Reads an address that may have {@code user:password@} in it.
     *
     * @param fallback what is shown if the address names no user
     * @throws IllegalArgumentException if it is none for a control port, or there are two kinds of credentials; the message
     *     begins with a verb and quotes nothing of it
     */
    public static ControlAccess of(String text, @Nullable ControlCredentials fallback) {
        URI uri = parse(text);
        String user = uri.getRawUserInfo();
        if (user != null && fallback != null) {
            throw new IllegalArgumentException(
                    "has a user, and there is a key as well; a control port is shown only one of them");
        } else if (user != null) {
            return new ControlAccess(withoutUser(uri), basic(user));
        }
        return new ControlAccess(withoutUser(uri), fallback == null ? ControlCredentials.none() : fallback);
    }

    // the cause would quote the address
    private static URI parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL; " + ALLOWED);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("does not begin with http:// or https://; " + ALLOWED);
        } else if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException(
                    "has no host name of letters, digits, '-' and '.', or no port that can be; " + ALLOWED);
        } else if (uri.getRawFragment() != null || uri.getRawPath().contains("//")) {
            throw new IllegalArgumentException("has a '#' or an empty part in its path; " + ALLOWED);
        }
        return uri;
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
        String path = uri.getRawPath();
        return URI.create(uri.getScheme() + "://" + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    }
}
