package dev.eventstream.torture;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in a channel, read from the wire without the product's code.
 *
 * @param sequence 0 before the first event of any epoch
 */
record Position(String epoch, long sequence) {
    static final Position NONE = new Position("0", 0);

    private static final Pattern ENTRY = Pattern.compile("([^=,]+)=([a-z0-9]{1,16})-([0-9]{1,18})");

    static Position of(String wire) {
        int dash = wire.lastIndexOf('-');
        return new Position(wire.substring(0, dash), Long.parseLong(wire.substring(dash + 1)));
    }

    /** The positions of an {@code id:} line, by the name of their channel. */
    static Map<String, Position> parse(String id) {
        Map<String, Position> positions = new LinkedHashMap<>();
        Matcher matcher = ENTRY.matcher(id);
        while (matcher.find()) {
            String name = URLDecoder.decode(matcher.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            positions.put(name, new Position(matcher.group(2), Long.parseLong(matcher.group(3))));
        }
        return positions;
    }

    boolean isNone() {
        return sequence == 0;
    }

    boolean isOf(String otherEpoch) {
        return epoch.equals(otherEpoch);
    }

    @Override
    public String toString() {
        return epoch + '-' + sequence;
    }
}
