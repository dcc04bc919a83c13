package dev.eventstream.benchmarks.result;

import java.util.Locale;

/** Builds an SVG picture from a few kinds of elements, readable on light and dark pages. Confined to one thread. */
final class Svg {
    private static final String STYLE = """
            <style>
            text { font: 12px system-ui, sans-serif; fill: #24292f; }
            .title { font-weight: 600; }
            .small { font-size: 11px; fill: #57606a; }
            .axis { stroke: #8c959f; stroke-width: 1; }
            .spread { stroke: #24292f; stroke-width: 1.5; }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; } .small { fill: #9da7b3; } .axis { stroke: #6e7681; } .spread { stroke: #e6edf3; }
            }
            </style>
            """;

    private final StringBuilder elements = new StringBuilder();

    /** @param kind a class of the style, or empty */
    void text(double x, double y, String kind, String anchor, String text) {
        elements.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                kind,
                anchor,
                escaped(text)));
    }

    void bar(double x, double y, double width, double height, String colour) {
        elements.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"/>%n",
                x,
                y,
                width,
                height,
                colour));
    }

    void line(double x1, double y1, double x2, double y2, String kind) {
        elements.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                kind));
    }

    /** @param points pairs of coordinates */
    void curve(String points, String colour) {
        elements.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"/>%n",
                points,
                colour));
    }

    /** The whole picture. */
    String picture(int width, int height, String title) {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                        width,
                        height,
                        width,
                        height)
                + "<title>" + escaped(title) + "</title>\n" + STYLE + elements + "</svg>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
