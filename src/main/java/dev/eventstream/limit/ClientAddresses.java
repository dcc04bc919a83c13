package dev.eventstream.limit;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a client behind proxies. A header counts only if it comes from a trusted proxy. It is read from its end,
 * where that proxy has written, so text that a client has written is never reached.
 *
 * <p>Immutable.
 */
public final class ClientAddresses {
    /** The header of RFC 7239; every other header has a list of addresses. */
    private static final String FORWARDED = "Forwarded";

    /** Proxies in a row; a longer chain is not followed. */
    private static final int MAX_HOPS = 32;

    private final List<AddressBlock> trusted;
    private final String header;
    private final boolean gripTrusted;

    /**
     * @param trusted the addresses of reverse proxies that state their clients' addresses
     * @param header the header in which they state them
     * @param gripTrusted whether GRIP proxies state them, too
     */
    public ClientAddresses(List<AddressBlock> trusted, String header, boolean gripTrusted) {
        this.trusted = List.copyOf(trusted);
        this.header = header;
        this.gripTrusted = gripTrusted;
    }

    /** The header in which trusted proxies state addresses. */
    public String header() {
        return header;
    }

    /**
     * The client of a request.
     *
     * @param peer the other end of the connection; null if it has no address
     * @param stated the values of the header, in order
     * @param byGripProxy whether a GRIP proxy has signed the request
     */
    public ClientAddress of(@Nullable InetAddress peer, List<String> stated, boolean byGripProxy) {
        if (byGripProxy) {
            return gripTrusted ? lastUntrusted(stated) : ClientAddress.UNKNOWN;
        } else if (peer == null || isUnlistedProxy(peer)) {
            return ClientAddress.UNKNOWN;
        }
        return isTrusted(peer) ? lastUntrusted(stated) : ClientAddress.of(peer);
    }

    /**
     * Whether a peer is probably a reverse proxy that is not listed. While no proxy is listed, a private address is more
     * likely to be a proxy's than a client's, and a limit for all clients of a proxy together would refuse most of them.
     */
    public boolean isUnlistedProxy(InetAddress peer) {
        return trusted.isEmpty() && ClientAddress.isPrivate(peer);
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(block -> block.contains(address));
    }

    /** The last address that is not a trusted proxy's; unknown if there is none, or an entry after it is not an address. */
    private ClientAddress lastUntrusted(List<String> stated) {
        List<String> hops = lastHops(stated);
        for (int i = hops.size() - 1; i >= 0; i--) {
            Optional<InetAddress> address = ClientAddress.parse(entry(hops.get(i)));
            if (address.isEmpty()) {
                return ClientAddress.UNKNOWN;
            } else if (!isTrusted(address.get())) {
                return ClientAddress.of(address.get());
            }
        }
        return ClientAddress.UNKNOWN;
    }

    private static List<String> lastHops(List<String> stated) {
        List<String> hops = new ArrayList<>();
        stated.forEach(value -> hops.addAll(List.of(value.split(",", -1))));
        return hops.subList(Math.max(0, hops.size() - MAX_HOPS), hops.size());
    }

    private String entry(String hop) {
        if (!header.equalsIgnoreCase(FORWARDED)) {
            return hop.strip();
        }
        for (String pair : hop.split(";", -1)) {
            String trimmed = pair.strip();
            if (trimmed.toLowerCase(Locale.ROOT).startsWith("for=")) {
                return trimmed.substring(4).replace("\"", "").strip();
            }
        }
        return "";
    }
}
