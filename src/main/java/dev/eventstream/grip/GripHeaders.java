package dev.eventstream.grip;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.StreamFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes a {@link HoldInstruction} as response headers for a GRIP proxy (Pushpin, {@code src/handler/instruct.cpp}).
 * They are ASCII, because names and users are percent-encoded.
 *
 * <p>It uses headers instead of {@code application/grip-instruct}, because Pushpin 1.36 refuses that form in answers to a next link.
 *
 * <p>Stateless, thread-safe.
 */
public final class GripHeaders {
    private static final String KEEP_ALIVE = cstring(EventStreamEncoder.encode(new StreamFrame.KeepAlive()));

    /** The filters of a channel with events: the proxy writes the id line and skips some users. */
    private static final String EVENT_FILTERS = "; filter=build-id; filter=skip-users";

    /** For a stream that shows only some types of events: the proxy skips the others, and moves past them. */
    private static final String TYPE_FILTER = "; filter=require-sub";

    /** For a stream without stored channels, whose events have no id; the filter requires a format nevertheless. */
    private static final String UNUSED_ID_FORMAT = "-";

    private static final Header HOLD = new Header("Grip-Hold", "stream");

    private GripHeaders() {}

    /** One header of the answer. */
    public record Header(String name, String value) {}

    /** The address at which a proxy fetches what comes next, and the silence after which it does so by itself. */
    public record Next(String address, Duration timeout) {}

    /**
     * Holds the stream. The next link is required, because the proxy drops a stream without one when its positions do not
     * match.
     *
     * @param counted those channels for which the proxy counts the streams of each reader
     */
    public static List<Header> hold(
            HoldInstruction instruction, Duration keepAlive, Next next, List<ChannelName> counted) {
        List<Header> headers = new ArrayList<>();
        headers.add(HOLD);
        instruction.channels().forEach(channel -> headers.add(channel(instruction, channel)));
        Optional<String> user = instruction.reader().user();
        headers.add(new Header("Grip-Channel", GripNames.readerChannel(user.orElse(null)) + "; filter=require-sub"));
        instruction.view().types().types().stream()
                .map(GripNames::type)
                .sorted()
                .forEach(type -> headers.add(new Header("Grip-Channel", type)));
        counted.forEach(channel -> headers.add(
                new Header("Grip-Channel", GripNames.presence(Attendee.of(channel, instruction.reader())))));
        headers.add(new Header("Grip-Set-Meta", "id_format=\"" + idFormat(instruction) + '"'));
        user.ifPresent(name -> headers.add(new Header("Grip-Set-Meta", "user=\"" + GripNames.user(name) + '"')));
        headers.add(keepAlive(keepAlive));
        headers.add(link(next));
        return List.copyOf(headers);
    }

    /** Holds a stream of one channel without positions, so nothing can be missed and there is nothing to fetch. */
    public static List<Header> holdUnstored(ChannelName channel, Duration keepAlive) {
        HoldInstruction instruction =
                new HoldInstruction(List.of(channel), LastEventId.EMPTY, Reader.anonymous(), Admission.ELSEWHERE);
        return List.of(
                HOLD,
                channel(instruction, channel),
                new Header("Grip-Set-Meta", "id_format=\"" + UNUSED_ID_FORMAT + '"'),
                keepAlive(keepAlive));
    }

    /** Does not hold the stream: the proxy passes the answer on and fetches the next link at once. */
    public static List<Header> page(String address) {
        return List.of(link(new Next(address, Duration.ZERO)));
    }

    private static Header keepAlive(Duration silence) {
        return new Header("Grip-Keep-Alive", KEEP_ALIVE + "; format=cstring; timeout=" + wholeSeconds(silence));
    }

    private static Header channel(HoldInstruction instruction, ChannelName channel) {
        String previous = instruction
                .position()
                .in(channel)
                .map(position -> "; prev-id=" + position)
                .orElse("");
        String filters = instruction.view().types().isAll() ? EVENT_FILTERS : EVENT_FILTERS + TYPE_FILTER;
        return new Header("Grip-Channel", GripNames.events(channel) + previous + filters);
    }

    // the proxy replaces %(name)s by the newest id of that channel; every other % is doubled
    private static String idFormat(HoldInstruction instruction) {
        String format = instruction.position().positions().keySet().stream()
                .map(channel -> channel.encoded().replace("%", "%%") + "=%(" + GripNames.events(channel) + ")s")
                .collect(Collectors.joining(","));
        return format.isEmpty() ? UNUSED_ID_FORMAT : format;
    }

    private static Header link(Next next) {
        return new Header("Grip-Link", '<' + next.address() + ">; rel=next; timeout=" + wholeSeconds(next.timeout()));
    }

    private static long wholeSeconds(Duration duration) {
        return duration.plusMillis(999).toSeconds();
    }

    private static String cstring(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII).replace("\n", "\\n");
    }
}
