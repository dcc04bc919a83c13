package dev.eventstream.command;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a command reads and prints. All of it is UTF-8.
 *
 * <p>Confined to the thread of the command.
 */
public final class Terminal {
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    public Terminal(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    }

    /** The standard streams of this process. */
    public static Terminal ofProcess() {
        return new Terminal(System.in, System.out, System.err);
    }

    /** Prints a result. */
    public void line(String text) {
        out.println(text);
    }

    /** Clears the screen, if a person looks at it. */
    void clear() {
        if (isInteractive()) {
            out.print("\u001b[H\u001b[2J");
        }
    }

    /** Prints a message about the work, which is not a result. */
    public void note(String text) {
        err.println(text);
    }

    /** Whether nobody reads the results any more, such as after {@code | head}. */
    boolean isClosed() {
        return out.checkError();
    }

    /** Whether a person types the input; from Java 22 on, also true for a pipe. */
    @SuppressWarnings("SystemConsoleNull") // Console.isTerminal came with Java 22
    boolean isInteractive() {
        return in == System.in && System.console() != null;
    }

    /** The standard input. */
    Reader input() {
        return new InputStreamReader(in, StandardCharsets.UTF_8);
    }

    /** Joins the lines of a message, such as Dropwizard's about a configuration. */
    public static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*(\\* )?", " ");
    }

    /**
     * Text from outside on one line. Characters that could move the cursor, change colours or reorder the line are shown as escapes, as in
     * a Java or JSON string.
     */
    static String printable(String text) {
        return UNPRINTABLE
                .matcher(text)
                .replaceAll(match -> escape(match.group()).replace("\\", "\\\\"));
    }

    private static String escape(String character) {
        return switch (character) {
            case "\n" -> "\\n";
            case "\r" -> "\\r";
            case "\t" -> "\\t";
            default -> {
                StringBuilder escaped = new StringBuilder();
                character.chars().forEach(unit -> escaped.append(String.format(Locale.ROOT, "\\u%04x", unit)));
                yield escaped.toString();
            }
        };
    }
}
