package dev.eventstream.benchmarks.result;

import java.util.Locale;

/**
 * What a subject should achieve in one metric, as medians over the rounds of one run. Immutable.
 *
 * @param isMinimum whether more is better
 * @param bound the bound, in the metric's unit or as a multiple of the reference
 * @param reference the subject that the bound refers to; empty for an absolute bound
 */
public record Target(String subject, String metric, boolean isMinimum, double bound, String reference) {
    public static Target atLeast(double bound, String subject, String metric) {
        return new Target(subject, metric, true, bound, "");
    }

    public static Target atMost(double bound, String subject, String metric) {
        return new Target(subject, metric, false, bound, "");
    }

    /** The same target, whose bound is a multiple of what another subject achieves. */
    public Target times(String other) {
        return new Target(subject, metric, isMinimum, bound, other);
    }

    /**
     * Whether it is met.
     *
     * @param value what the subject achieves
     * @param compared what the reference achieves; 1 if there is none
     */
    public boolean isMet(double value, double compared) {
        return isMinimum ? value >= bound * compared : value <= bound * compared;
    }

    /** In a few words, such as {@code ≥ 30 × nchan}. */
    public String text(String unit) {
        String number = Figures.text(bound);
        String what = reference.isEmpty() ? " " + unit : " × " + reference;
        return String.format(Locale.ROOT, "%s %s%s", isMinimum ? "≥" : "≤", number, what)
                .stripTrailing();
    }
}
