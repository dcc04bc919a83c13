package dev.eventstream.benchmarks.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A picture of values over time or size, one line per series; save it with {@code Run.save}. Confined to one thread. */
public final class LinePlot {
    /** A value at a place of the horizontal axis. */
    public record Point(double x, double y) {}

    private static final int WIDTH = 820;
    private static final int HEIGHT = 320;
    private static final int LEFT = 70;
    private static final int RIGHT = 190;
    private static final int TOP = 30;
    private static final int BOTTOM = 40;
    private static final int TICKS = 4;
    private static final List<String> COLOURS =
            List.of("#2f81f7", "#bf8700", "#3fb950", "#db61a2", "#8b949e", "#a371f7", "#f85149", "#39c5cf");

    private final String title;
    private final String across;
    private final Map<String, List<Point>> series = new LinkedHashMap<>();

    /**
     * @param title with the unit of the values
     * @param across what the horizontal axis shows, with its unit
     */
    public LinePlot(String title, String across) {
        this.title = title;
        this.across = across;
    }

    /** Adds a line. */
    public LinePlot add(String name, List<Point> points) {
        series.put(name, List.copyOf(points));
        return this;
    }

    /** The picture as SVG. */
    public String svg() {
        Svg svg = new Svg();
        double mostX = most(true);
        double mostY = most(false);
        svg.text(4, 16, "title", "start", title);
        for (int i = 0; i <= TICKS; i++) {
            double y = y(mostY * i / TICKS, mostY);
            svg.line(LEFT, y, WIDTH - RIGHT, y, "axis");
            svg.text(LEFT - 6, y + 4, "small", "end", Figures.text(mostY * i / TICKS));
            svg.text(
                    x(mostX * i / TICKS, mostX),
                    HEIGHT - BOTTOM + 16,
                    "small",
                    "middle",
                    Figures.text(mostX * i / TICKS));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "small", "middle", across);
        int number = 0;
        for (Map.Entry<String, List<Point>> entry : series.entrySet()) {
            String colour = COLOURS.get(number % COLOURS.size());
            svg.curve(
                    entry.getValue().stream()
                            .map(point ->
                                    String.format(Locale.ROOT, "%.1f,%.1f", x(point.x(), mostX), y(point.y(), mostY)))
                            .collect(Collectors.joining(" ")),
                    colour);
            svg.bar(WIDTH - RIGHT + 12, TOP + number * 18, 14, 4, colour);
            svg.text(WIDTH - RIGHT + 32, TOP + 6 + number * 18, "", "start", entry.getKey());
            number++;
        }
        return svg.picture(WIDTH, HEIGHT, title);
    }

    private double most(boolean isAcross) {
        double most = series.values().stream()
                .flatMap(List::stream)
                .mapToDouble(point -> isAcross ? point.x() : point.y())
                .max()
                .orElse(1);
        return most > 0 ? most : 1;
    }

    private static double x(double value, double most) {
        return LEFT + value / most * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double most) {
        return HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP);
    }
}
