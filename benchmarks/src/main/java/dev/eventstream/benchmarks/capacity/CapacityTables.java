package dev.eventstream.benchmarks.capacity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of {@code docs/CAPACITY.md}. The page has a line {@code <!-- table: NAME -->} before and a line {@code <!-- end -->} after
 * each.
 */
final class CapacityTables {
    private static final Pattern PLACE = Pattern.compile("<!-- table: ([a-z-]+) -->\n.*?<!-- end -->", Pattern.DOTALL);

    private final Map<String, Supplier<String>> tables = new LinkedHashMap<>();

    CapacityTables(Parameters known) {
        tables.put("nodes", () -> new NodeTable(known).text());
        tables.put("node-details", () -> new NodeTable(known).details());
        tables.put(
                "node-details-with-more-threads",
                () -> new NodeTable(known.with(Parameter.FAN_OUT_THREADS, 0)).details());
        tables.put("nodes-with-more-threads", () -> new NodeTable(known.with(Parameter.FAN_OUT_THREADS, 0)).text());
        tables.put("cases", () -> new CaseTable(known).text());
        tables.put("failures", () -> new FailureTable(known).text());
        tables.put("ten-million", () -> new FailureTable(known).large());
        tables.put("validation", () -> new Validation(known, System.out).table());
        tables.put("assumed", () -> new ParameterTable(known).text());
    }

    /** Writes all tables into the page. Those of the simulation take a minute. */
    static void write(Path page, Parameters known) throws IOException {
        CapacityTables tables = new CapacityTables(known);
        String text = Files.readString(page);
        Files.writeString(
                page,
                PLACE.matcher(text)
                        .replaceAll(place -> Matcher.quoteReplacement("<!-- table: " + place.group(1) + " -->\n"
                                + tables.table(place.group(1)) + "<!-- end -->")));
    }

    /** The table with this name, as the page shows it; empty if there is none. */
    static String in(String page, String name) {
        Matcher places = PLACE.matcher(page);
        while (places.find()) {
            if (places.group(1).equals(name)) {
                String text = places.group();
                return text.substring(text.indexOf('\n') + 1, text.lastIndexOf("<!--"));
            }
        }
        return "";
    }

    /**
     * The text of a table.
     *
     * @throws IllegalArgumentException if there is no such table
     */
    String table(String name) {
        Supplier<String> table = tables.get(name);
        if (table == null) {
            throw new IllegalArgumentException("there is no table " + Options.quoted(name));
        }
        return table.get();
    }
}
