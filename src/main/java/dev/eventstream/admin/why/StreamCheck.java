package dev.eventstream.admin.why;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.stream.PositionReset;
import dev.eventstream.subscriber.StreamInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a stream's filters, position and history say about an event of the log.
 *
 * <p>Thread-safe.
 */
final class StreamCheck {
    private final OpenStreams streams;

    StreamCheck(OpenStreams streams) {
        this.streams = streams;
    }

    /**
     * The reasons, the most decisive first; if there are none, how far the event has got.
     *
     * @param log what the log says about the event
     * @param mayBeUnshown whether the stream may have passed it without showing it, although there is no other reason
     */
    List<Finding> check(StreamInfo stream, Question question, LogCheck.Result log, boolean mayBeUnshown) {
        ChannelName channel = question.channel();
        EventId id = question.event();
        if (!stream.channels().contains(channel)) {
            return List.of(new Finding(
                    Cause.CHANNEL_NOT_READ,
                    stream.number(),
                    "The stream does not have the channel; its client has asked for others."));
        }
        if (!log.mayHaveBeenDelivered()) {
            return List.of();
        }
        List<Finding> reasons = new ArrayList<>();
        log.event().ifPresent(event -> reasons.addAll(filters(stream, event)));
        joinedLater(stream, channel, id).ifPresent(reasons::add);
        reset(stream, channel, id).ifPresent(reasons::add);
        EventId position = stream.position().in(channel).orElse(EventId.NONE);
        if (!isReached(position, id)) {
            reasons.add(behind(stream, channel, id, position));
        } else if (reasons.isEmpty() && !mayBeUnshown) {
            reasons.add(delivered(stream, position));
        }
        return reasons;
    }

    private static List<Finding> filters(StreamInfo stream, Event event) {
        List<Finding> reasons = new ArrayList<>();
        stream.reader()
                .user()
                .filter(event::skips)
                .ifPresent(user -> reasons.add(new Finding(
                        Cause.SKIPS_USER,
                        stream.number(),
                        "The event skips user " + PlainText.quote(user)
                                + ": its sender named this user in skipUsers.")));
        if (!stream.types().shows(event.type())) {
            reasons.add(new Finding(
                    Cause.TYPE_NOT_SHOWN,
                    stream.number(),
                    "The event has the type " + PlainText.quote(event.type().value())
                            + ", and the stream shows only the types that its client has chosen: "
                            + PlainText.quote(String.join(", ", stream.types().sorted())) + '.'));
        }
        return reasons;
    }

    private static Optional<Finding> joinedLater(StreamInfo stream, ChannelName channel, EventId id) {
        return stream.start()
                .in(channel)
                .filter(start -> isReached(start, id))
                .map(start -> new Finding(
                        Cause.JOINED_LATER,
                        stream.number(),
                        "The stream started at " + start + ", " + stream.age().toSeconds()
                                + " s ago: after the event. Its client came back from there, or began with what was newest. If"
                                + " the client came from an earlier stream, see whether that one had received it."));
    }

    private static Optional<Finding> reset(StreamInfo stream, ChannelName channel, EventId id) {
        return stream.resets().stream()
                .filter(reset -> reset.channel().equals(channel) && reset.skips(id))
                .findFirst()
                .map(reset -> new Finding(Cause.RESET, stream.number(), text(reset)));
    }

    private static String text(PositionReset reset) {
        return "The stream was reset from " + (reset.from().isNone() ? "the beginning" : reset.from()) + " to "
                + reset.to()
                + " and skipped what is between them, because the first position was trimmed, or belonged to another"
                + " log. The client got stream-reset with this channel's name.";
    }

    private Finding behind(StreamInfo stream, ChannelName channel, EventId id, EventId position) {
        EventId known = streams.knownPosition(channel).orElse(EventId.NONE);
        if (!isReached(known, id)) {
            return new Finding(
                    Cause.NODE_BEHIND,
                    stream.number(),
                    "This node knows the channel only up to " + shown(known)
                            + ". It asks the log every eventStream.pollInterval; if this lasts, see the health checks"
                            + " eventstream-store, eventstream-bus and eventstream-loops.");
        }
        boolean isSlow = stream.progress() == StreamInfo.Progress.SLOW;
        return new Finding(
                isSlow ? Cause.SLOW_CLIENT : Cause.NOT_CAUGHT_UP,
                stream.number(),
                "The stream is at " + shown(position) + " and has not reached the event yet: "
                        + (isSlow
                                ? "its client must first read " + stream.pendingBytes()
                                        + " bytes that are pending. It gets the rest afterwards."
                                : "it is " + stream.progress().label() + ", and gets the event when it is there."));
    }

    private static Finding delivered(StreamInfo stream, EventId position) {
        return stream.pendingBytes() > 0
                ? new Finding(
                        Cause.PENDING,
                        stream.number(),
                        "The event was handed over, but the client has not read the last " + stream.pendingBytes()
                                + " bytes, which may contain it. The client or the network is slow.")
                : new Finding(
                        Cause.DELIVERED,
                        stream.number(),
                        "The event was written to the client's connection; the stream is at " + position
                                + ". Look at the client: it needs a handler for the event's type, and ignores ids that it"
                                + " has already had. Something between here and there may also hold data back.");
    }

    private static String shown(EventId position) {
        return position.isNone() ? "its beginning" : position.toString();
    }

    private static boolean isReached(EventId position, EventId id) {
        return position.epoch().equals(id.epoch()) && position.sequence() >= id.sequence();
    }
}
