package dev.eventstream.readers;

/** What a reader cannot do. The tests show each limit, so the list in the manual stays correct. */
public enum Limit {
    ONLY_REGISTERED_TYPES("shows only types with a handler"),
    NO_HEADERS("sends no headers"),
    ASKS_AFTER_THE_END("keeps asking after `stream-end`"),
    ASKS_AFTER_A_REFUSAL("keeps asking after `stream-error`"),
    STOPS_AT_503("stops at 503"),
    LOSES_A_CUT_EVENT("loses an event that is cut off"),
    LOSES_FIRST_SPACES("drops spaces at the beginning of a line"),
    LOSES_FIRST_LINE_BREAKS("drops line breaks at the beginning of data"),
    LOSES_BYTE_ORDER_MARKS("drops U+FEFF at the beginning of a line"),
    SHOWS_EMPTY_BLOCKS("shows blocks without data as empty events");

    private final String text;

    Limit(String text) {
        this.text = text;
    }

    /** The wording of the manual. */
    public String text() {
        return text;
    }
}
