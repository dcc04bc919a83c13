package dev.eventstream.benchmarks.startup;

import io.dropwizard.core.setup.Environment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;

/**
 * How an application talks to the program that has started it: it prints {@code listening PORT} once it listens, answers each line with
 * {@code heap}, the live bytes of its heap and the number of its classes, and exits at the end of its input.
 */
final class Console {
    private static final int MOST_COLLECTIONS = 20;

    private Console() {}

    static void follow(Environment environment) {
        environment.lifecycle().addServerLifecycleListener(server -> {
            System.out.println("listening " + port(server));
            Thread thread = new Thread(Console::answer, "console");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static int port(Server server) {
        return ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
    }

    private static void answer() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (lines.readLine() != null) {
                System.out.println("heap " + liveBytes() + " "
                        + ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(0);
    }

    /** What repeated collections leave once a further one frees at most a hundredth: threads may still be busy after the start. */
    private static long liveBytes() throws InterruptedException {
        long least = used();
        for (int i = 0; i < MOST_COLLECTIONS; i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            long now = used();
            if (now > least * 0.99) {
                return Math.min(now, least);
            }
            least = now;
        }
        return least;
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
