package dev.eventstream.control;

import dev.eventstream.channel.ChannelName;

/**
 * One item for a proxy to publish, encoded once for all proxies and all readers.
 *
 * <p>Immutable; the bytes are shared and must not be changed.
 *
 * @param kind why it is sent
 * @param source our channel that it is about
 * @param topic the proxy's channel that it goes to; ASCII
 * @param id its id at the proxy, for logs; empty if it has none
 * @param json the item as UTF-8
 */
public record ProxyItem(Kind kind, ChannelName source, String topic, String id, byte[] json) {
    /** What is lost if the item is not delivered. */
    public enum Kind {
        /** An event of the log: nothing is lost, a hint makes up for it. */
        STORED,
        /** An event of the log that the proxy has taken before; it drops it if it has not lost it. */
        REPEATED,
        /** An event that is nowhere else: its readers must be told of the loss. */
        UNSTORED,
        /** Makes up for stored events that were not delivered. */
        HINT,
        /** Tells readers that events are lost. */
        RESET,
        /** Cuts a reader off. */
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

    /** Whether the log makes up for it if it is not delivered. */
    public boolean isInLog() {
        return kind == Kind.STORED || kind == Kind.REPEATED || kind == Kind.HINT;
    }

    /** The same item, to be sent once more. */
    ProxyItem repeated() {
        return new ProxyItem(Kind.REPEATED, source, topic, id, json);
    }

    /** Names it for a log line, never its content. */
    @Override
    public String toString() {
        return kind + " channel=\"" + source + "\" id=" + (id.isEmpty() ? "none" : id);
    }
}
