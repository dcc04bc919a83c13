package dev.eventstream.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows the first step of docs/GETTING-STARTED.md as a newcomer would: pastes its files, and those of docs/PROXIES.md, into an empty
 * directory, runs its commands in a shell, and compares their output. Only ports, keys and Pushpin's directories are replaced.
 */
class NewProjectIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** A fenced block, and the last file named on the line before it. */
    private static final Pattern BLOCK = Pattern.compile(
            "^(?:[^\\n]*`([\\w./]+)`[^`\\n]*\\n)?```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern PUSHPIN_CONF = Pattern.compile("```ini\n(.*?)```", Pattern.DOTALL);
    private static final Pattern GRIP = Pattern.compile("```yaml\n(eventStream:\n  grip:.*?)```", Pattern.DOTALL);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ROUTE = "* 127.0.0.1:8080";

    /** Kept with its logs if a test fails. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path project;

    private static final Map<String, String> FILES = new TreeMap<>();
    private static final List<String> COMMANDS = new ArrayList<>();
    private static final List<String> OUTPUTS = new ArrayList<>();

    private final List<Process> running = new ArrayList<>();
    private final int port = ServiceProcess.freePort();
    private final int adminPort = ServiceProcess.freePort();
    private final Map<String, String> replacements = new TreeMap<>(Map.of("8080", Integer.toString(port)));

    @BeforeAll
    static void build() throws Exception {
        String page = Files.readString(Path.of("../docs/GETTING-STARTED.md"), StandardCharsets.UTF_8);
        String step = page.substring(0, page.indexOf("\n## 2. "));
        String proxies = Files.readString(Path.of("../docs/PROXIES.md"), StandardCharsets.UTF_8);
        for (Matcher block = BLOCK.matcher(step); block.find(); ) {
            switch (block.group(2)) {
                case "sh" -> block.group(3).lines().forEach(COMMANDS::add);
                case "text" -> OUTPUTS.add(block.group(3));
                default -> FILES.put(block.group(1), block.group(3));
            }
        }
        PUSHPIN_CONF.matcher(proxies).results().forEach(conf -> FILES.put("pushpin.conf", conf.group(1)));
        GRIP.matcher(proxies).results().forEach(block -> FILES.put("grip", block.group(1)));
        assertThat(FILES)
                .containsOnlyKeys(
                        "pom.xml",
                        "src/main/java/shop/ShopApplication.java",
                        "src/main/resources/migrations.xml",
                        "config.yml",
                        "pushpin.conf",
                        "grip");
        assertThat(proxies).contains('`' + ROUTE + '`');
        assertThat(COMMANDS).hasSize(5);
        assertThat(OUTPUTS).hasSize(1);
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            paste(file.getKey(), file.getValue());
        }
        run(COMMANDS.get(0));
        run(COMMANDS.get(1));
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : running) {
            process.destroy();
            process.waitFor(20, TimeUnit.SECONDS);
            process.destroyForcibly();
        }
    }

    @Test
    void the_project_prints_what_the_page_shows() throws Exception {
        serve(file("config.yml"));

        assertThat(orderedWhileReading()).isEqualTo(pattern(OUTPUTS.get(0)));
    }

    @Test
    void behind_pushpin_it_prints_the_same() throws Exception {
        String clients = Integer.toString(ServiceProcess.freePort());
        replacements.put("7999", clients);
        replacements.put("5561", Integer.toString(ServiceProcess.freePort()));
        replacements.put("KEY", "0123456789abcdef0123456789abcdef0123456789abcdef");
        replacements.put("SECRET", "fedcba9876543210fedcba9876543210fedcba9876543210");
        replacements.put("/run/pushpin", project.toString());
        replacements.put("/var/log/pushpin", project.toString());
        paste("pushpin.conf", replaced(file("pushpin.conf")));
        paste("routes", replaced(ROUTE) + "\n");
        serve(file("config.yml") + file("grip").replaceFirst("^eventStream:\n", ""));
        running.add(start("exec pushpin --merge-output --config pushpin.conf", "pushpin.log"));
        awaitHealthy();
        replacements.put("8080", clients);

        assertThat(orderedWhileReading()).isEqualTo(pattern(OUTPUTS.get(0)));
    }

    private void serve(String config) throws Exception {
        String connectors =
                "server: {applicationConnectors: [{type: http, port: %d}], adminConnectors: [{type: http, port: %d}]}\n";
        paste("config.yml", replaced(config) + connectors.formatted(port, adminPort));
        running.add(start("exec " + COMMANDS.get(2), "service-%d.log".formatted(port)));
        Awaitility.await("the service; its log is in " + project)
                .atMost(PATIENCE)
                .until(() -> answers("/ping"));
    }

    private void awaitHealthy() {
        Awaitility.await("an event through Pushpin").atMost(PATIENCE).until(() -> answers("/healthcheck"));
    }

    /** Runs the page's two curl commands. Returns what the first prints until the event of the second is complete. */
    private String orderedWhileReading() throws Exception {
        Path printed = project.resolve("printed-" + port);
        running.add(start("exec " + replaced(COMMANDS.get(3)), "printed-" + port));
        await(printed, "stream-open");
        run(replaced(COMMANDS.get(4)));
        await(printed, "ordered");
        return pattern(Files.readString(printed, StandardCharsets.UTF_8));
    }

    private static void await(Path file, String word) {
        Awaitility.await(word)
                .atMost(PATIENCE)
                .until(() -> Files.readString(file, StandardCharsets.UTF_8).matches("(?s).*" + word + "\n.*\n\n"));
    }

    /** Replaces the parts that may differ from the page. A second run finds the log of the first, so the sequence differs too. */
    private static String pattern(String output) {
        return output.replaceAll("(?m)^retry: \\d+$", "retry: N")
                .replaceAll("(?m)^id: orders=(?:0-0|[a-z0-9]+-\\d+)$", "id: orders=ID")
                .stripTrailing();
    }

    /** Replaces in one pass, so that a replacement is never itself replaced. */
    private String replaced(String text) {
        String keys = replacements.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        return Pattern.compile(keys).matcher(text).replaceAll(found -> replacements.getOrDefault(found.group(), ""));
    }

    private static String file(String name) {
        return requireNonNull(FILES.get(name));
    }

    private static void paste(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static void run(String command) throws Exception {
        Process process = start(command, "command.log");
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        String log = Files.readString(project.resolve("command.log"), StandardCharsets.UTF_8);

        assertThat(ended).as("%s: %s", command, log).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, log).isZero();
    }

    private static Process start(String command, String output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command)
                .directory(project.toFile())
                .redirectOutput(project.resolve(output).toFile())
                .redirectError(project.resolve(output + ".errors").toFile());
        builder.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + System.getProperty("localRepository"));
        return builder.start();
    }

    /** Whether the admin port answers 200. */
    private boolean answers(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + adminPort + path))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
