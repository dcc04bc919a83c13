package dev.eventstream.example;

import dev.eventstream.event.NewEvent;
import java.util.Locale;

/** A library for pages whose HTML comes from the server, and the event by which it appends an element to {@code #messages}. */
enum Library {
    /** Swaps the data of an event, which is HTML, into the page as the page's attributes say. */
    HTMX("item") {
        @Override
        String append(String html) {
            return html;
        }
    },

    /** Acts on Turbo Streams: elements that specify what to do with the HTML in them. */
    TURBO("message") {
        @Override
        String append(String html) {
            return "<turbo-stream action=\"append\" target=\"messages\"><template>" + html
                    + "</template></turbo-stream>";
        }
    };

    private final String type;

    Library(String type) {
        this.type = type;
    }

    /** The data of the event. */
    abstract String append(String html);

    /** The channel of a room's messages in the form for this library. */
    String channel(Room room) {
        return label() + "-" + room.name();
    }

    /** A new event that shows a message of a room. */
    NewEvent event(Room room, Message message) {
        return NewEvent.text(channel(room), type, append(MessageHtml.of(message)));
    }

    /** Its name in addresses. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
