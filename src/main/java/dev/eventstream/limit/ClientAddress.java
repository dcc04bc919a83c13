package dev.eventstream.limit;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a client comes from: an IPv4 address, or the /64 network of an IPv6 address, because one client has the whole network.
 *
 * <p>Immutable.
 *
 * @param text such as {@code 203.0.113.7} or {@code 2001:db8:1:2::/64}
 */
public record ClientAddress(String text) {
    /** For clients whose address is not stated; limits per address do not apply to them. */
    public static final ClientAddress UNKNOWN = new ClientAddress("unknown");

    private static final int NETWORK_BYTES = 8;

    /** Longest text of an address with brackets, a zone and a port. */
    private static final int MAX_LENGTH = 100;

    /** The client at an address. */
    public static ClientAddress of(InetAddress address) {
        InetAddress plain = withoutMapping(address);
        if (plain instanceof Inet4Address) {
            return new ClientAddress(plain.getHostAddress());
        }
        byte[] network = Arrays.copyOf(Arrays.copyOf(plain.getAddress(), NETWORK_BYTES), 2 * NETWORK_BYTES);
        return new ClientAddress(InetAddresses.toAddrString(toAddress(network)) + "/64");
    }

    /**
     * Reads the address in a forwarding header, with or without a port and brackets.
     *
     * @return empty if the text is not an address; names are never looked up
     */
    static Optional<InetAddress> parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String address = withoutPort(text);
        return isAddress(address) ? Optional.of(withoutMapping(InetAddresses.forString(address))) : Optional.empty();
    }

    /** Whether a text is an address without a zone, which would name an interface of this machine. */
    static boolean isAddress(String text) {
        return text.indexOf('%') < 0 && InetAddresses.isInetAddress(text);
    }

    private static String withoutPort(String text) {
        int close = text.indexOf(']');
        if (text.startsWith("[") && close > 0) {
            return text.substring(1, close);
        }
        int colon = text.indexOf(':');
        // an IPv6 address without brackets has several, and no port
        return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }

    /** Whether the address is not a public one: of this machine, a private network, or a provider's internal one. */
    static boolean isPrivate(InetAddress address) {
        InetAddress plain = withoutMapping(address);
        byte[] bytes = plain.getAddress();
        boolean uniqueLocal = plain instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc;
        boolean sharedSpace = plain instanceof Inet4Address && bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // RFC 6598
        return plain.isLoopbackAddress()
                || plain.isSiteLocalAddress()
                || plain.isLinkLocalAddress()
                || uniqueLocal
                || sharedSpace;
    }

    /** IPv4 in place of an IPv4-mapped IPv6 address, so that one client has one address. */
    static InetAddress withoutMapping(InetAddress address) {
        return address instanceof Inet6Address six && isMapped(six.getAddress())
                ? toAddress(Arrays.copyOfRange(six.getAddress(), 12, 16))
                : address;
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == (byte) 0xff && bytes[11] == (byte) 0xff;
    }

    private static InetAddress toAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    /** Whether limits per address apply. */
    public boolean isKnown() {
        return !equals(UNKNOWN);
    }
}
