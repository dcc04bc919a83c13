package dev.eventstream.control;

import dev.eventstream.channel.ChannelName;

/**
 * One item for a proxy to publish, encoded once for all proxies and all readers.
 *
 * <p>Immutable; the bytes are shared and must not be changed.
 *
 * @param kind the reason for sending it
 * @param source the channel that it concerns
 * @param topic the proxy's channel that it is published to; ASCII
 * @param id its id at the proxy, for logs; empty if it has none
 * @param json the item as UTF-8
 */
public record ProxyItem(Kind kind, ChannelName source, String topic, String id, byte[] json) {
    /** The reason for an item, which determines the loss if it is not delivered. */
    public enum Kind {
        /** A stored event: nothing is lost, because a hint replaces it. */
        STORED,
        /** A stored event that the proxy has taken before, and drops unless it has lost it. */
        REPEATED,
        /** An unstored event: its readers must be told of the loss. */
        UNSTORED,
        /** Makes the proxy ask for stored events that were not delivered. */
        HINT,
        /** Tells readers that events are lost. */
        RESET,
        /** Disconnects a reader. */
        KICK
    }

    public int length() {
        return json.length;
    }

    public boolean isEvent() {
        return kind == Kind.STORED || kind == Kind.REPEATED || kind == Kind.UNSTORED;
    }

    public boolean isKick() {
        return kind == Kind.KICK;
    }

    /** Whether the log contains what is missed if the item is not delivered. */
    public boolean isInLog() {
        return kind == Kind.STORED || kind == Kind.REPEATED || kind == Kind.HINT;
    }

    /** The same item, for a repetition. */
    ProxyItem repeated() {
        return new ProxyItem(Kind.REPEATED, source, topic, id, json);
    }

    /** Identifies it for a log line, without its content. */
    @Override
    public String toString() {
        return kind + " channel=\"" + source + "\" id=" + (id.isEmpty() ? "none" : id);
    }
}
