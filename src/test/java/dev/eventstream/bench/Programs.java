package dev.eventstream.bench;

import dev.eventstream.pushpin.PushpinProcess;
import java.util.Locale;

/** What the programs of this package share. */
final class Programs {
    private Programs() {}

    /** Prints a line; {@code format} is that of {@link String#format}. */
    static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** The lines of the eventStream block that let a service serve streams through the proxy, too. */
    static String behind(PushpinProcess pushpin) {
        return """
                grip:
                  linkSecrets: [a-secret-for-the-links-of-the-tests]
                  proxies:
                    - url: %s?verify-key=a-key-of-the-tests-which-is-no-secret
                      minInterval: 0ms
                """.formatted(pushpin.controlUri());
    }

    /** Runs a task on a thread of its own, which does not keep the program from ending. */
    static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
