package dev.eventstream.benchmarks.capacity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * The calculator page, {@code docs/capacity.html}: one file that works without a server. Its policy allows exactly its own script and
 * style, by their digests.
 *
 * <p>Immutable.
 */
final class CapacityPage {
    private final String template;
    private final String style;
    private final String script;

    private CapacityPage(String template, String style, String script) {
        this.template = template;
        this.style = style;
        this.script = script;
    }

    /**
     * @param sources the directory with the parts of the page
     */
    static CapacityPage of(Path sources, Parameters known) throws IOException {
        String script = parameters(known)
                + Files.readString(sources.resolve("model.js"))
                + Files.readString(sources.resolve("page.js"));
        return new CapacityPage(
                Files.readString(sources.resolve("page.html")), Files.readString(sources.resolve("page.css")), script);
    }

    /** The parameters and the cases as JavaScript. */
    static String parameters(Parameters known) {
        String values = Arrays.stream(Parameter.values())
                .map(parameter -> "  '" + parameter.key() + "': " + number(known.value(parameter)))
                .collect(Collectors.joining(",\n"));
        String cases = Case.ALL.stream()
                .map(each -> "  " + each.word() + ": {title: '" + each.title() + "', load: " + json(each.load()) + "}")
                .collect(Collectors.joining(",\n"));
        return "'use strict';\nconst parameters = {\n" + values + "\n};\nconst cases = {\n" + cases + "\n};\n";
    }

    /** A workload as JSON. */
    static String json(Workload load) {
        return "{\"readers\": " + number(load.readers())
                + ", \"channelsPerReader\": " + number(load.channelsPerReader())
                + ", \"channels\": " + number(load.channels())
                + ", \"events\": " + number(load.events())
                + ", \"bytes\": " + number(load.bytes())
                + ", \"storedShare\": " + number(load.storedShare())
                + ", \"nodes\": " + number(load.nodes())
                + ", \"cores\": " + number(load.cores())
                + ", \"network\": " + number(load.network())
                + ", \"queries\": " + number(load.queries())
                + ", \"isFast\": " + load.isFast() + "}";
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    String html() {
        return template.replace("{{script-digest}}", digest(script))
                .replace("{{style-digest}}", digest(style))
                .replace("{{style}}", style)
                .replace("{{script}}", script);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
