package dev.eventstream.control;

/**
 * An item on its way through a lane, and the announcement that waits for it.
 *
 * <p>Immutable, but for the announcement.
 */
record QueuedItem(ProxyItem item, Announcement announcement) {
    /** An item without an announcement. */
    static QueuedItem unheard(ProxyItem item) {
        return new QueuedItem(item, Announcement.unheard());
    }

    int length() {
        return item.length();
    }

    /** It was sent, or something else takes its place. */
    void done() {
        announcement.done();
    }

    /** It was not sent and never will be, because the lane has ended. */
    void abandoned() {
        announcement.abandoned();
    }
}
