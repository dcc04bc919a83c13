package dev.eventstream.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openqa.selenium.MutableCapabilities;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.remote.RemoteWebDriver;

/** A browser from Debian, without a window. */
enum Browser {
    /** From the packages {@code chromium} and {@code chromium-driver}. */
    CHROMIUM {
        @Override
        ChromeDriver start(Path profile) {
            ChromeOptions options = new ChromeOptions();
            options.setBinary("/usr/bin/chromium");
            options.addArguments(
                    "--headless=new",
                    "--no-sandbox", // the sandbox does not start for root, and containers run the tests as root
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    // no background requests: a closed network does not answer them
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--window-size=1000,760",
                    "--user-data-dir=" + profile);
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                    .build();
            return new ChromeDriver(service, options);
        }

        @Override
        void network(RemoteWebDriver browser, boolean isOffline) {
            ChromeDriver chromium = (ChromeDriver) browser;
            chromium.executeCdpCommand("Network.enable", Map.of());
            chromium.executeCdpCommand(
                    "Network.emulateNetworkConditions",
                    Map.of("offline", isOffline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
        }

        @Override
        void crash(RemoteWebDriver browser) {
            assertThatThrownBy(() -> browser.get("chrome://crash")).hasMessageContaining("crashed");
        }
    },

    /** From the package {@code firefox-esr}. */
    FIREFOX {
        @Override
        RemoteWebDriver start(Path profile) {
            try {
                Files.writeString(profile.resolve("user.js"), PREFERENCES);
                Process process = new ProcessBuilder(
                                "/usr/bin/firefox-esr",
                                "--headless",
                                "--no-remote",
                                "--marionette",
                                "--remote-allow-system-access",
                                "--profile",
                                profile.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(profile.resolve("output").toFile())
                        .start();
                Path port = profile.resolve("MarionetteActivePort");
                await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(port) && Files.size(port) > 0);
                Marionette marionette = new Marionette(Integer.parseInt(Files.readString(port)));
                return new FirefoxDriver(marionette, process);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        void network(RemoteWebDriver browser, boolean isOffline) {
            ((FirefoxDriver) browser).executeInBrowser("Services.io.offline = " + isOffline);
        }

        // only closes it: tabs with pages of the same service share a process
        @Override
        void crash(RemoteWebDriver browser) {
            browser.close();
        }
    };

    private static final String PREFERENCES = """
            user_pref("marionette.port", 0);
            user_pref("network.disable-localhost-when-offline", true);
            """;

    /**
     * Starts the browser; {@code quit()} ends it.
     *
     * @param profile an empty directory, used only by this browser
     */
    abstract RemoteWebDriver start(Path profile);

    /** Takes a page of the browser off the network, or back. In Chromium, open connections stay. */
    abstract void network(RemoteWebDriver browser, boolean isOffline);

    /** Kills the process of the current tab without notice to its page. */
    abstract void crash(RemoteWebDriver browser);

    /** The text of an element of the page, even if it cannot be seen. */
    static String text(RemoteWebDriver browser, String id) {
        return (String)
                requireNonNull(browser.executeScript("return document.getElementById(arguments[0]).textContent", id));
    }

    /** Sends a signal to all processes of a browser: with {@code STOP}, it sleeps until {@code CONT}. */
    static void signal(Path profile, String signal) {
        List<String> kill = new ArrayList<>(List.of("kill", "-" + signal));
        ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(profile.toString()))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .distinct()
                .forEach(process -> kill.add(String.valueOf(process.pid())));
        try {
            assertThat(new ProcessBuilder(kill).inheritIO().start().waitFor()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal, e);
        }
    }

    /** Firefox without geckodriver. */
    private static final class FirefoxDriver extends RemoteWebDriver {
        private final Marionette marionette;
        private final Process process;

        FirefoxDriver(Marionette marionette, Process process) {
            super(marionette, new MutableCapabilities());
            this.marionette = marionette;
            this.process = process;
        }

        /** Runs a script with the browser's own rights. */
        void executeInBrowser(String script) {
            try {
                marionette.call("Marionette:SetContext", Map.of("value", "chrome"));
                marionette.call("WebDriver:ExecuteScript", Map.of("script", script, "args", List.of()));
                marionette.call("Marionette:SetContext", Map.of("value", "content"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Kills it: it takes seconds to end by itself. */
        @Override
        public void quit() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            await().until(() -> !process.isAlive());
            try {
                marionette.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
