package dev.eventstream.testing;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Checks that a reader received one contiguous run of each channel's log. The positions show whether an event may be missing; the log then
 * shows whether the reader should have received it. Thread-safe.
 *
 * @param hidden the events that the reader must not get
 */
record Contiguity(SentEvents log, Predicate<Event> hidden) {

    private record Move(ChannelName channel, EventId from, EventId to) {
        boolean isInOneLog() {
            return from.isNone() || (from.epoch().equals(to.epoch()) && from.sequence() <= to.sequence());
        }

        long events() {
            return to.sequence() - from.sequence();
        }

        boolean covers(Event event) {
            return event.id().epoch().equals(to.epoch()) && event.id().sequence() <= to.sequence();
        }

        @Override
        public String toString() {
            return "channel \"" + channel + "\" from " + from + " to " + to;
        }
    }

    /** Describes the first breach; empty if there is none. */
    Optional<String> breach(List<ReceivedEvent> received) {
        LastEventId position = LastEventId.EMPTY;
        for (ReceivedEvent event : received) {
            LastEventId next = StreamEvents.position(event).orElse(position);
            Optional<String> breach = breach(moves(position, next, StreamEvents.resets(event)), event);
            if (breach.isPresent()) {
                return breach;
            }
            position = next;
        }
        return Optional.empty();
    }

    private static List<Move> moves(LastEventId before, LastEventId after, Set<ChannelName> reset) {
        List<Move> moves = new ArrayList<>();
        for (Map.Entry<ChannelName, EventId> entry : after.positions().entrySet()) {
            before.in(entry.getKey())
                    .filter(from -> !from.equals(entry.getValue()) && !reset.contains(entry.getKey()))
                    .ifPresent(from -> moves.add(new Move(entry.getKey(), from, entry.getValue())));
        }
        return moves;
    }

    private Optional<String> breach(List<Move> moves, ReceivedEvent event) {
        for (Move move : moves) {
            if (!move.isInOneLog()) {
                return Optional.of("it moved in " + move + " without a stream-reset");
            }
        }
        long passed = moves.stream().mapToLong(Move::events).sum();
        return passed <= (event.isOfApplication() ? 1 : 0) ? Optional.empty() : missing(moves, passed, event);
    }

    private Optional<String> missing(List<Move> moves, long passed, ReceivedEvent event) {
        List<Event> logged = new ArrayList<>();
        for (Move move : moves) {
            log.after(move.channel(), move.from()).stream().filter(move::covers).forEach(logged::add);
        }
        if (logged.size() < passed) {
            return Optional.of(
                    "it moved in " + moves + " with \"" + event + "\", and the log no longer has all of these events");
        }
        List<Event> missing = new ArrayList<>(logged);
        missing.removeIf(passedBy -> passedBy.isEnd() || hidden.test(passedBy));
        if (event.isOfApplication()) {
            missing.removeIf(shown -> shown.type().toString().equals(event.type()) && isPositionAfter(shown, event));
        }
        return missing.isEmpty() ? Optional.empty() : Optional.of("it has not received " + missing);
    }

    private static boolean isPositionAfter(Event shown, ReceivedEvent event) {
        return StreamEvents.position(event)
                .flatMap(position -> position.in(shown.channel()))
                .filter(shown.id()::equals)
                .isPresent();
    }
}
