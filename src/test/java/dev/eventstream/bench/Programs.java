package dev.eventstream.bench;

import java.util.Locale;

/** What the programs of this package share. */
final class Programs {
    private Programs() {}

    /** Prints a line; {@code format} is that of {@link String#format}. */
    static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Runs a task on a thread of its own, which does not keep the program from ending. */
    static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
