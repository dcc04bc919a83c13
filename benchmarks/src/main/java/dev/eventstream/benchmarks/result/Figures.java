package dev.eventstream.benchmarks.result;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** Numbers for people. */
final class Figures {
    private static final MathContext DIGITS = new MathContext(3);

    private Figures() {}

    /** With three significant digits. Four digits from 1,000 on would claim a precision that no measurement has. */
    static String text(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        return rounded.abs().compareTo(BigDecimal.valueOf(100)) >= 0
                ? String.format(Locale.ROOT, "%,.0f", rounded)
                : rounded.stripTrailingZeros().toPlainString();
    }

    /** @param sorted not empty */
    static double median(List<Double> sorted) {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
