package dev.eventstream.config;

import dev.eventstream.channel.PlainText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Checks addresses that hold no secrets. Stateless, thread-safe. */
final class ConfiguredUri {
    private ConfiguredUri() {}

    /**
     * Reads an address of scheme, host, perhaps port and path. A slash at its end is cut.
     *
     * @param allowed what the message says is allowed
     * @throws IllegalArgumentException if it is none; the message begins with a verb
     */
    static URI parse(String text, String allowed, String... schemes) {
        if (text.indexOf('@') >= 0 || text.indexOf('?') >= 0) {
            // there may be a password in it
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
