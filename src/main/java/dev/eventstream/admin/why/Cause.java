package dev.eventstream.admin.why;

import java.util.Locale;

/** Why a reader did not receive an event. */
public enum Cause {
    // the log
    /** The channel is not stored, so there is no record of the event. */
    UNSTORED,
    /** Nothing was ever committed to the channel. */
    NO_LOG,
    /** The id belongs to a log that does not exist any more. */
    OTHER_EPOCH,
    /** There is no such event yet. */
    NOT_COMMITTED,
    /** It was removed from the log. */
    TRIMMED,
    /** It is the end of the channel, which readers are not shown as an event. */
    END_OF_CHANNEL,
    /** Readers who fall behind skip to a newer one. */
    LATEST,

    // the stream
    /** The stream does not have the channel. */
    CHANNEL_NOT_READ,
    /** The event skips the user. */
    SKIPS_USER,
    /** The stream does not show events of its type. */
    TYPE_NOT_SHOWN,
    /** The stream started after it. */
    JOINED_LATER,
    /** The stream was reset past it. */
    RESET,
    /** This node does not know it yet. */
    NODE_BEHIND,
    /** The client must read what is pending first. */
    SLOW_CLIENT,
    /** The stream has not reached it yet. */
    NOT_CAUGHT_UP,
    /** It was handed over, perhaps into a buffer that the client has not read. */
    PENDING,
    /** It was handed to the client's connection. */
    DELIVERED,

    // the reader
    /** The authorizer does not let the reader read the channel. */
    FORBIDDEN,
    /** There is no such user. */
    NO_SUCH_USER,
    /** The authorizer does not answer. */
    AUTHORIZER_FAILED,

    // elsewhere
    /** The reader has no stream of the channel on this node. */
    NO_STREAM,
    /** A proxy holds the stream. */
    BEHIND_PROXY,
    /** A proxy does not take events. */
    PROXY_NOT_REACHED,
    /** Another node may hold the stream. */
    OTHER_NODE;

    /** The word in JSON and on the page. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
