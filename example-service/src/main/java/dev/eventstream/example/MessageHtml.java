package dev.eventstream.example;

import com.google.common.html.HtmlEscapers;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Messages as HTML, for the pages of the libraries. Text from users is escaped, so it remains text. */
final class MessageHtml {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private MessageHtml() {}

    /** A list item. */
    static String of(Message message) {
        return """
                <li id="message-%d"><div class="head"><bdi class="from">%s</bdi><time datetime="%s">%s</time></div>\
                <p class="text" dir="auto">%s</p></li>""".formatted(
                        message.id(),
                        escape(message.from()),
                        message.date(),
                        TIME.format(message.date()),
                        escape(message.text()));
    }

    /** List items, the oldest first. */
    static String of(List<Message> newestFirst) {
        return newestFirst.stream().map(MessageHtml::of).reduce("", (later, item) -> item + later);
    }

    /** The text in a form that is safe in an element and in a quoted attribute. */
    static String escape(String text) {
        return HtmlEscapers.htmlEscaper().escape(text);
    }
}
