package dev.eventstream.limit;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.Arrays;

/** A block of addresses in CIDR notation, such as {@code 10.0.0.0/8}, or one address. Immutable. */
public final class AddressBlock {
    private final byte[] address;
    private final int bits;

    /**
     * @throws IllegalArgumentException if the text is not a block; the message begins with a verb
     */
    public AddressBlock(String text) {
        int slash = text.indexOf('/');
        String first = slash < 0 ? text : text.substring(0, slash);
        if (!ClientAddress.isAddress(first)) {
            throw notABlock();
        }
        this.address = InetAddresses.forString(first).getAddress();
        this.bits = slash < 0 ? address.length * 8 : bits(text.substring(slash + 1));
        if (bits > address.length * 8 || !Arrays.equals(address, masked(address))) {
            throw notABlock();
        }
    }

    private static int bits(String text) {
        if (!text.matches("[0-9]{1,3}")) {
            throw notABlock();
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException notABlock() {
        return new IllegalArgumentException("is not an address, or a block that begins with its first address;"
                + " allowed are entries such as 192.0.2.7, 10.0.0.0/8 and 2001:db8::/32");
    }

    boolean contains(InetAddress other) {
        byte[] bytes = ClientAddress.withoutMapping(other).getAddress();
        return bytes.length == address.length && Arrays.equals(address, masked(bytes));
    }

    private byte[] masked(byte[] bytes) {
        byte[] masked = bytes.clone();
        for (int bit = bits; bit < masked.length * 8; bit++) {
            masked[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        return masked;
    }
}
