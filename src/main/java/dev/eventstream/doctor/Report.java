package dev.eventstream.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The result of all checks, errors first.
 *
 * <p>Confined to one thread.
 */
public final class Report {
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> checked = new LinkedHashSet<>();
    private final Set<String> skipped = new LinkedHashSet<>();

    /** Adds what some checks have found. A check without a finding has passed. */
    public void add(Collection<String> checks, List<Finding> found) {
        checked.addAll(checks);
        findings.addAll(found);
    }

    /** Adds findings. */
    public void add(List<Finding> found) {
        found.forEach(this::add);
    }

    /** Adds a finding. */
    public void add(Finding finding) {
        checked.add(finding.check());
        findings.add(finding);
    }

    /** Notes that a check passed. */
    public void passed(String check) {
        checked.add(check);
    }

    /** Notes checks that could not be made because of another finding. */
    public void skip(Collection<String> checks) {
        skipped.addAll(checks);
    }

    /** How many findings are errors. */
    public long errors() {
        return findings.stream().filter(Finding::isError).count();
    }

    /** Whether one of the checks found an error. */
    public boolean hasErrorIn(Collection<String> checks) {
        return findings.stream().anyMatch(finding -> finding.isError() && checks.contains(finding.check()));
    }

    private long warnings() {
        return findings.size() - errors();
    }

    private List<Finding> sorted() {
        List<Finding> sorted =
                new ArrayList<>(findings.stream().filter(Finding::isError).toList());
        findings.stream().filter(finding -> !finding.isError()).forEach(sorted::add);
        return sorted;
    }

    private List<String> passed() {
        return checked.stream()
                .filter(check ->
                        findings.stream().noneMatch(finding -> finding.check().equals(check)))
                .toList();
    }

    /** The report for a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Finding finding : sorted()) {
            text.append(finding.severity()).append("  ").append(finding.check()).append('\n');
            row(text, "problem", finding.problem());
            row(text, "why", finding.reason());
            row(text, "change", finding.change());
            text.append('\n');
        }
        names(text, "passed", passed());
        names(text, "not checked", skipped);
        return text.append(summary()).toString();
    }

    /** Such as {@code 1 error, 2 warnings}. */
    public String summary() {
        return count(errors(), "error") + ", " + count(warnings(), "warning");
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-7s  %s%n", name, value));
    }

    private static void names(StringBuilder text, String title, Collection<String> names) {
        if (!names.isEmpty()) {
            text.append(title).append(": ").append(String.join(", ", names)).append('\n');
        }
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** The report for programs. */
    public String json(ObjectMapper objectMapper) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("errors", errors());
        report.put("warnings", warnings());
        report.put("findings", sorted().stream().map(Report::fields).toList());
        report.put("passed", passed());
        report.put("notChecked", skipped);
        try {
            return objectMapper.writerWithDefaultPrettyPrinter().writeValueAsString(report);
        } catch (JsonProcessingException e) { // impossible: texts and numbers only
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> fields(Finding finding) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        fields.put("check", finding.check());
        fields.put("problem", finding.problem());
        fields.put("why", finding.reason());
        fields.put("change", finding.change());
        return fields;
    }
}
