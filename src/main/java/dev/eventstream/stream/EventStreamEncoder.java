package dev.eventstream.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.Bytes;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Writes {@code text/event-stream} (HTML standard, 9.2.5 and 9.2.6).
 *
 * <p>An event is encoded in two parts, so that one encoding serves every reader: the {@linkplain #id id line}, which
 * differs by the channels that a reader reads, and the {@linkplain #body rest}, which does not. Ids and types contain no line
 * breaks: their constructors check that. Data may contain them, and each of its lines becomes one {@code data:} line.
 *
 * <p>Stateless, thread-safe.
 */
public final class EventStreamEncoder {
    /** The id of a {@code stream-error}: a client that resumes from it gets an answer that makes it stop. */
    public static final String ERROR_ID = "error";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] KEEP_ALIVE = utf8("event: keep-alive\ndata:\n\n");
    private static final byte[] COMMENT = utf8(":\n\n");

    private EventStreamEncoder() {}

    /** The whole frame. */
    public static byte[] encode(StreamFrame frame) {
        if (frame instanceof StreamFrame.Advance advance) {
            return Bytes.concat(id(advance.position()), KEEP_ALIVE);
        } else if (frame instanceof StreamFrame.Open open) {
            return utf8(open(open));
        } else if (frame instanceof StreamFrame.Reset reset) {
            return utf8(reset(reset));
        } else if (frame instanceof StreamFrame.End end) {
            return utf8(end(end));
        } else if (frame instanceof StreamFrame.StreamError failure) {
            return utf8(failure(failure));
        } else if (frame instanceof StreamFrame.TemporaryFailure failure) {
            return utf8(retryLine(failure.retry())
                    + named("stream-error", error(failure.condition(), failure.text(), List.of())));
        } else if (frame instanceof StreamFrame.ComeBack comeBack) {
            return utf8(retryLine(comeBack.retry()) + '\n');
        }
        return KEEP_ALIVE.clone();
    }

    /** The {@code id:} line of a position; nothing for the empty position. */
    public static byte[] id(LastEventId position) {
        return utf8(idLine(position));
    }

    /** The line that sets after how long a client comes back. It belongs to the event that follows it. */
    public static byte[] retry(Duration away) {
        return utf8(retryLine(away));
    }

    /**
     * All of an event but its id: type, data, and the blank line that dispatches it. The end of a channel is a comment. A client that is
     * cut off right after the comment returns to the position before it, so it does not miss the {@code stream-end} that may follow.
     */
    public static byte[] body(Event event) {
        if (event.isEnd()) {
            return COMMENT.clone();
        }
        String lines = withLineFeeds(event.data()).replace("\n", "\ndata: ");
        return utf8("event: " + event.type() + "\ndata: " + lines + "\n\n");
    }

    private static String open(StreamFrame.Open open) {
        ObjectNode data = JSON.createObjectNode();
        data.put("keepAlive", open.keepAlive().toSeconds());
        return retryLine(open.retry()) + idLine(open.position()) + named("stream-open", data);
    }

    private static String reset(StreamFrame.Reset reset) {
        ObjectNode data = JSON.createObjectNode();
        putChannels(data, reset.channels());
        return idLine(reset.position()) + named("stream-reset", data);
    }

    private static String end(StreamFrame.End end) {
        ObjectNode data = JSON.createObjectNode();
        putChannels(data, end.channels());
        return idLine(end.position()) + named("stream-end", data);
    }

    private static String failure(StreamFrame.StreamError failure) {
        return "id: " + ERROR_ID + '\n'
                + named("stream-error", error(failure.condition(), failure.text(), failure.channels()));
    }

    private static String retryLine(Duration away) {
        return "retry: " + away.toMillis() + '\n';
    }

    private static String idLine(LastEventId position) {
        return position.isEmpty() ? "" : "id: " + position + '\n';
    }

    private static ObjectNode error(StreamFrame.Condition condition, String text, List<ChannelName> channels) {
        ObjectNode data = JSON.createObjectNode();
        data.put("condition", condition.wire()).put("text", text);
        putChannels(data, channels);
        return data;
    }

    private static String named(String type, ObjectNode data) {
        return "event: " + type + "\ndata: " + data + "\n\n";
    }

    private static void putChannels(ObjectNode data, List<ChannelName> channels) {
        ArrayNode names = data.putArray("channels");
        channels.forEach(channel -> names.add(channel.value()));
    }

    // the standard has three line ends; a client reports all of them as LF
    private static String withLineFeeds(String data) {
        return data.indexOf('\r') < 0 ? data : data.replace("\r\n", "\n").replace('\r', '\n');
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
