package dev.eventstream.admin.why;

import dev.eventstream.channel.PlainText;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.store.EventStore;
import dev.eventstream.subscriber.StreamInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out why a reader did not receive an event.
 *
 * <p>Thread-safe.
 */
public final class Why {
    /** Streams of one reader that are looked at. */
    static final int MAX_STREAMS = 10;

    private final OpenStreams streams;
    private final LogCheck logCheck;
    private final StreamCheck streamCheck;
    private final RightsCheck rights;
    private final Elsewhere elsewhere;

    /**
     * @param stored which channels are stored
     * @param rights asks the authorizer
     * @param elsewhere knows the proxies and the other nodes
     */
    public Why(EventStore store, StoredChannels stored, OpenStreams streams, RightsCheck rights, Elsewhere elsewhere) {
        this.streams = streams;
        this.logCheck = new LogCheck(store, stored);
        this.streamCheck = new StreamCheck(streams);
        this.rights = rights;
        this.elsewhere = elsewhere;
    }

    /**
     * An answer.
     *
     * <p>Immutable.
     *
     * @param findings the most decisive first
     * @param eventType the type of the event; empty if it is not in the log
     * @param newest the position of the channel's newest event
     * @param streams how many streams of the reader on this node have the channel
     */
    public record Answer(List<Finding> findings, String eventType, String newest, int streams) {
        public Answer {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Answers a question.
     *
     * @throws dev.eventstream.store.EventStoreException if the log cannot be read
     * @throws dev.eventstream.admin.page.UnavailableException if the fan-out threads do not answer
     */
    public Answer answer(Question question) {
        LogCheck.Result log = logCheck.check(question.channel(), question.event());
        List<StreamInfo> found = find(question);
        List<Finding> findings = new ArrayList<>();
        boolean mayBeUnshown = logCheck.isSkippable(question.channel(), question.event(), log.newest())
                || log.event().filter(Event::isEnd).isPresent();
        found.stream()
                .limit(MAX_STREAMS)
                .forEach(stream -> findings.addAll(streamCheck.check(stream, question, log, mayBeUnshown)));
        // what a stream did with an event says more than what has become of the event since
        boolean isStreamDecisive = log.mayHaveBeenDelivered() && !findings.isEmpty();
        findings.addAll(isStreamDecisive ? findings.size() : 0, log.findings());
        rights(question, found).ifPresent(findings::add);
        if (found.isEmpty()) {
            findings.add(noStream(question));
            findings.addAll(elsewhere.findings());
        }
        int streamsOfReader = (int) found.stream()
                .filter(stream -> stream.channels().contains(question.channel()))
                .count();
        return new Answer(
                findings, log.event().map(Why::type).orElse(""), log.newest().toString(), streamsOfReader);
    }

    private static String type(Event event) {
        return event.isEnd() ? "" : event.type().value();
    }

    private List<StreamInfo> find(Question question) {
        return streams.all().stream()
                .filter(stream -> matches(stream, question))
                .toList();
    }

    private static boolean matches(StreamInfo stream, Question question) {
        if (question.who() instanceof Question.Who.OfStream ofStream) {
            return stream.number() == ofStream.number();
        }
        boolean hasChannel = stream.channels().contains(question.channel());
        return question.who() instanceof Question.Who.User user
                ? hasChannel && stream.reader().isUser(user.name())
                : hasChannel && stream.reader().user().isEmpty();
    }

    private Optional<Finding> rights(Question question, List<StreamInfo> found) {
        if (!found.isEmpty()) {
            return rights.ofReader(found.get(0).reader(), question.channel());
        } else if (question.who() instanceof Question.Who.User user) {
            return rights.ofUser(user.name(), question.channel());
        }
        return question.who() instanceof Question.Who.Anonymous
                ? rights.ofReader(Reader.anonymous(), question.channel())
                : Optional.empty();
    }

    private static Finding noStream(Question question) {
        String text;
        if (question.who() instanceof Question.Who.OfStream ofStream) {
            text = "This node has no open stream with the number " + ofStream.number()
                    + ": it has ended, or it is on another node.";
        } else if (question.who() instanceof Question.Who.User user) {
            text = "User " + PlainText.quote(user.name()) + " has no open direct stream of the channel on this node.";
        } else {
            text = "No reader who has not signed in has an open direct stream of the channel on this node.";
        }
        return Finding.of(
                Cause.NO_STREAM,
                text + " A client that comes back gets what it missed. This node keeps nothing about streams that have"
                        + " ended. Unless the connection broke, the client got the reason (stream-error or"
                        + " stream-end).");
    }
}
