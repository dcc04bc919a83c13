package dev.eventstream.example;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTML with placeholders such as {@code {{name}}}. Immutable. */
record Template(String html) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

    /** A file in this jar. */
    static Template of(String resource) {
        return new Template(PagesResource.text(resource));
    }

    /**
     * Replaces the placeholders in one pass, so that a value may contain what looks like one.
     *
     * @param values HTML: text in it is already escaped
     */
    String with(Map<String, String> values) {
        return PLACEHOLDER
                .matcher(html)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
    }
}
