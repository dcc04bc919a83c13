package dev.eventstream.subscriber;

/** Why a stream ended. The metrics {@code eventstream.streams.ended.…} count streams by reason. */
public enum CloseReason {
    /** The client closed the connection, or the network did. */
    CLIENT_GONE("client-gone"),
    /** The client read nothing for too long. */
    STALLED("stalled"),
    /** The reader lost the permission to read a channel. */
    FORBIDDEN("forbidden"),
    /** The application disconnected the user. */
    DISCONNECTED("disconnected"),
    /** The reader's credentials have expired; the client comes back and is authenticated again. */
    EXPIRED("expired"),
    /** The stream has reached its greatest age; the client comes back at once, perhaps to another node. */
    AGED("aged"),
    /** All channels of the stream are finished; the client does not come back. */
    FINISHED("finished"),
    /** The node ran out of memory for waiting bytes, and this client was among the slowest. */
    OVERLOADED("overloaded"),
    /** This node is shutting down. */
    SHUTDOWN("shutdown"),
    /** Something failed on this node; the log has the error. */
    FAILED("failed");

    private final String label;

    CloseReason(String label) {
        this.label = label;
    }

    /** The reason as metrics and logs show it. */
    public String label() {
        return label;
    }
}
