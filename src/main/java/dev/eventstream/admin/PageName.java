package dev.eventstream.admin;

import dev.eventstream.admin.page.Page;
import dev.eventstream.admin.page.Section;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The admin pages, in the order of their links. Immutable. */
enum PageName {
    OVERVIEW("Overview"),
    STREAMS("Streams"),
    CHANNELS("Channels"),
    WHY("Why?"),
    ACTIONS("Actions");

    private final String title;

    PageName(String title) {
        this.title = title;
    }

    /** The last part of its address. */
    String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A page with this name and title. */
    Page page(List<Section> sections) {
        return new Page(path(), title, sections);
    }

    /** Its address with one parameter. */
    String with(String name, String value) {
        return path() + '?' + name + '=' + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** The titles, by the last part of each address, in order. */
    static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(page -> titles.put(page.path(), page.title));
        return Collections.unmodifiableMap(titles);
    }
}
