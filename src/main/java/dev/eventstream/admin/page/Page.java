package dev.eventstream.admin.page;

import java.util.List;

/**
 * A page of the admin port.
 *
 * <p>Immutable.
 *
 * @param name the last part of its address; empty for a page that cannot be asked for, such as an error
 * @param sections in the order in which they are shown
 */
public record Page(String name, String title, List<Section> sections) {
    public Page {
        sections = List.copyOf(sections);
    }

    /** A page that consists of a sentence. */
    public static Page saying(String title, String text) {
        return new Page("", title, List.of(new Section.Note(text)));
    }
}
