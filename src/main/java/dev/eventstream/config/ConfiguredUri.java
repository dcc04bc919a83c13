package dev.eventstream.config;

import dev.eventstream.channel.PlainText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Checks addresses that must not contain secrets. Stateless, thread-safe. */
final class ConfiguredUri {
    private ConfiguredUri() {}

    /**
     * Reads an address with scheme and host, and optionally port and path. Removes a slash at its end.
     *
     * @param allowed ends the message
     * @throws IllegalArgumentException if it is not such an address; the message begins with a verb
     */
    static URI parse(String text, String allowed, String... schemes) {
        if (text.indexOf('@') >= 0 || text.indexOf('?') >= 0) {
            // it may contain a password
            throw new IllegalArgumentException("has a user or a query; " + allowed);
        }
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean isAddress = uri.getHost() != null
                    && List.of(schemes).contains(uri.getScheme())
                    && uri.getPort() != 0
                    && uri.getPort() <= 65_535;
            if (isAddress && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is " + PlainText.quote(text) + "; " + allowed, e);
        }
        throw new IllegalArgumentException("is " + PlainText.quote(text) + "; " + allowed);
    }
}
