package dev.eventstream.benchmarks.result;

import dev.eventstream.benchmarks.result.Metric.Spread;
import java.util.List;
import java.util.Map;

/** One group of bars per metric: the median of each subject, with a line from the least to the most. Each group has its own scale. */
final class BarPlot {
    private static final int WIDTH = 820;
    private static final int LABELS = 230;
    private static final int VALUES = 90;
    private static final int ROW = 20;
    private static final int HEAD = 26;
    private static final int GAP = 14;
    private static final String PRODUCT = "#2f81f7";
    private static final String REFERENCE = "#8b949e";
    private static final String OTHER = "#bf8700";

    private final List<Metric> metrics;
    private final List<String> references;

    BarPlot(List<Metric> metrics, List<String> references) {
        this.metrics = metrics;
        this.references = references;
    }

    String svg() {
        Svg svg = new Svg();
        int y = 4;
        for (Metric metric : metrics) {
            svg.text(4, y + 14, "title", "start", metric.name() + " (" + metric.unit() + ")");
            y += HEAD;
            for (Map.Entry<String, Spread> entry : metric.spreads().entrySet()) {
                bar(svg, y, entry.getKey(), entry.getValue(), metric.most());
                y += ROW;
            }
            y += GAP;
        }
        return svg.picture(WIDTH, y, metrics.isEmpty() ? "" : metrics.get(0).name());
    }

    private void bar(Svg svg, int y, String subject, Spread spread, double most) {
        double unit = most > 0 ? (WIDTH - LABELS - VALUES) / most : 0;
        double end = LABELS + spread.median() * unit;
        svg.text(LABELS - 8, y + 13, "", "end", subject);
        svg.bar(LABELS, y + 2, Math.max(1, end - LABELS), ROW - 5, colour(subject));
        svg.line(LABELS + spread.least() * unit, y + ROW / 2.0, LABELS + spread.most() * unit, y + ROW / 2.0, "spread");
        svg.text(
                Math.max(end, LABELS + spread.most() * unit) + 6,
                y + 13,
                "small",
                "start",
                Figures.text(spread.median()));
    }

    private String colour(String subject) {
        if (subject.startsWith("ours")) {
            return PRODUCT;
        }
        return references.contains(subject) ? REFERENCE : OTHER;
    }
}
