package dev.eventstream.benchmarks.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The plans of all statements that run on connections of {@link #url}, as the server itself reports them. So they are the plans of
 * the statements that the product really sends. PostgreSQL uses auto_explain, with the rows and buffers that it counted; MariaDB writes its
 * EXPLAIN into the file of slow queries.
 *
 * <p>Confined to one thread.
 */
public final class PlanLog {
    private static final String POSTGRES = "options="
            + String.join(
                    "%20",
                    "-c%20session_preload_libraries=auto_explain",
                    "-c%20auto_explain.log_min_duration=0",
                    "-c%20auto_explain.log_analyze=on",
                    "-c%20auto_explain.log_buffers=on",
                    "-c%20auto_explain.log_timing=off");

    private static final String MARIADB = "sessionVariables=long_query_time=0,log_slow_verbosity='query_plan,explain'";

    /** Where the report of a statement begins. */
    private static final Pattern BEGINNING = Pattern.compile("(?m)^(?=.*LOG:  duration: .* plan:$|# Query_time: )");

    /** Text that follows a report but is not part of it, and text that changes between runs. */
    private static final Pattern NOISE = Pattern.compile(
            "(?m)^(?:# Time: .*|# User@Host: .*|# Thread_id: .*|#|SET timestamp=.*;|use .*;|\\d{4}-\\d\\d-\\d\\d .*)\\n");

    private static final Pattern VALUES = Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|-?\\d+(?:\\.\\d+)?");

    private final LogDatabase database;
    private final Path log;
    private int read;

    /** Begins now. */
    public PlanLog(LogDatabase database) throws IOException {
        this.database = database;
        this.log = database.statementLog();
        this.read = (int) Files.size(log);
    }

    /** The URL of connections whose plans are collected. They are slow. */
    public String url() {
        return database.url(database.name().equals("mariadb") ? MARIADB : POSTGRES);
    }

    /** One plan for each different statement that has run since the last call. */
    public String take() throws IOException {
        byte[] all = Files.readAllBytes(log);
        String added = new String(all, read, all.length - read, StandardCharsets.UTF_8);
        read = all.length;
        Map<String, String> byStatement = new LinkedHashMap<>();
        Arrays.stream(BEGINNING.split(added))
                .filter(part -> BEGINNING.matcher(part).lookingAt())
                .map(PlanLog::clean)
                .forEach(plan -> byStatement.put(statement(plan), plan));
        return String.join("\n", byStatement.values());
    }

    private static String clean(String report) {
        String first = report.replaceFirst("^.*LOG:  ", "");
        return NOISE.matcher(first).replaceAll("");
    }

    /** The same for each execution of a statement. */
    private static String statement(String plan) {
        return plan.lines()
                .filter(line -> line.contains("Query Text: ") || !line.matches("^(?:#|\\t|duration: ).*"))
                .reduce("", (all, line) -> all + VALUES.matcher(line).replaceAll("?"));
    }
}
