package dev.eventstream.benchmarks.capacity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for people, with few significant digits, because a model has no more. */
final class Numbers {
    private static final int MODELLED = 2;
    private static final int MEASURED = 3;
    private static final double KB = 1024;

    private Numbers() {}

    /** With two significant digits. */
    static String number(double value) {
        return number(value, MODELLED);
    }

    /** With three significant digits. */
    static String measured(double value) {
        return number(value, MEASURED);
    }

    private static String number(double value, int digits) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
        return rounded.abs().compareTo(BigDecimal.TEN) < 0 && rounded.signum() != 0
                ? rounded.stripTrailingZeros().toPlainString()
                : String.format(Locale.ROOT, "%,d", rounded.longValue());
    }

    /** A number of bytes. */
    static String size(double bytes) {
        if (bytes >= KB * KB * KB) {
            return number(bytes / KB / KB / KB) + " GB";
        }
        return bytes >= KB * KB ? number(bytes / KB / KB) + " MB" : number(bytes / KB) + " KB";
    }

    /** Milliseconds as seconds. */
    static String seconds(double millis) {
        return number(millis / 1e3) + " s";
    }

    static String percent(double share) {
        return Math.round(share * 100) + " %";
    }
}
