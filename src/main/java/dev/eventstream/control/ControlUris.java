package dev.eventstream.control;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** The addresses below and instead of that of a control port. Stateless. */
public final class ControlUris {
    private ControlUris() {}

    /** Without user, password, query and fragment, which may be secret. */
    public static String shown(URI address) {
        return rebuilt(address, String.valueOf(address.getPath()), null).toString();
    }

    /**
     * A path below the address, which keeps its query.
     *
     * @param path begins and ends with a slash; two slashes in a row would be another path to a proxy
     */
    public static URI below(URI address, String path) {
        String base = String.valueOf(address.getRawPath()).replaceAll("/+$", "");
        String query = address.getRawQuery();
        return URI.create(origin(address) + base + path + (query == null ? "" : "?" + query));
    }

    /** The root of the server that the address is of. */
    public static URI root(URI address) {
        return URI.create(origin(address) + "/");
    }

    private static String origin(URI address) {
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }

    private static URI rebuilt(URI address, String path, @Nullable String query) {
        try {
            return new URI(address.getScheme(), null, address.getHost(), address.getPort(), path, query, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the control address has an invalid URI component", e);
        }
    }
}
