package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.auth.PrincipalImpl;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.remote.RemoteWebDriver;

/**
 * Follows docs/GETTING-STARTED.md from its second step: adds its files to the project of the first step, runs its commands, and follows
 * its instructions in Chromium. NewProjectIT builds that project with Maven.
 */
@Timeout(300)
class GettingStartedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^public (?:class|record) (\\w+)", Pattern.MULTILINE);
    private static final String REGISTERED =
            "        environment.jersey().register(new Orders(events.eventStream()));\n";

    /** Kept with its logs if a test fails. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path project;

    @TempDir
    static Path profile;

    private static final int PORT = ServiceProcess.freePort();
    private static final List<String> COMMANDS = new ArrayList<>();

    /** The blocks of the first step, or those of the others. */
    private static List<String> blocks(boolean isFirst, String language) throws IOException {
        String page = Files.readString(Path.of("../docs/GETTING-STARTED.md"), UTF_8);
        int second = page.indexOf("\n## 2. ");
        return BLOCK.matcher(isFirst ? page.substring(0, second) : page.substring(second))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    private static List<String> samples(String language) throws IOException {
        return blocks(false, language);
    }

    private static String ofProject(String language, String part) throws IOException {
        return blocks(true, language).stream()
                .filter(block -> block.contains(part))
                .findFirst()
                .orElseThrow();
    }

    @BeforeAll
    static void build() throws Exception {
        for (String block : samples("sh")) {
            block.lines().forEach(COMMANDS::add);
        }
        assertThat(COMMANDS).hasSize(4);
        Files.writeString(project.resolve("page.html"), samples("html").get(0), UTF_8);
        String migrations = ofProject("xml", "databaseChangeLog");
        Files.writeString(
                project.resolve("migrations.xml"),
                migrations.replace("</databaseChangeLog>", samples("xml").get(0) + "</databaseChangeLog>"),
                UTF_8);
        String config = ofProject("yaml", "driverClass");
        Files.writeString(
                project.resolve("config.yml"),
                config.substring(0, config.indexOf("eventStream:"))
                        + samples("yaml").get(0)
                        + "server: {applicationConnectors: [{type: http, port: %d}], adminConnectors: [{type: http, port: %d}]}\n"
                                .formatted(PORT, ServiceProcess.freePort()),
                UTF_8);
        compile();
        Process migration =
                start("java -cp 'target/classes:target/dependency/*' shop.ShopApplication db migrate config.yml");
        assertThat(migration.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(migration.exitValue()).isZero();
    }

    private static void compile() throws IOException {
        List<Path> files = new ArrayList<>();
        StringBuilder registrations = new StringBuilder(REGISTERED);
        for (String block : samples("java")) {
            Matcher type = TYPE.matcher(block);
            if (type.find()) {
                files.add(Files.writeString(project.resolve(type.group(1) + ".java"), block, UTF_8));
            } else {
                registrations.append(block);
            }
        }
        assertThat(files).hasSize(3);
        String application = ofProject("java", "class ShopApplication");
        assertThat(application).contains(REGISTERED, ".authorizer((reader, channel)");
        String extended = application
                .replace(REGISTERED, registrations)
                .replaceFirst("\\.authorizer\\(.*", ".authorizer(new ShopAuthorizer())");
        files.add(Files.writeString(project.resolve("ShopApplication.java"), extended, UTF_8));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
            List<String> options = List.of("-proc:none", "-d", project.toString());
            compiler.getTask(complaints, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
        }
        assertThat(complaints.toString()).isEmpty();
    }

    /** Runs a command of the page, with the project as it was compiled here. */
    private static Process start(String command) throws IOException {
        String java =
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
        // the example has a migrations.xml, too; Liquibase takes the first
        String classPath = project + ":" + System.getProperty("java.class.path");
        String here = command.replace(
                        "java -cp 'target/classes:target/dependency/*'",
                        java + " -Dliquibase.duplicateFileMode=WARN -cp '" + classPath + "'")
                .replace("localhost:8080", "localhost:" + PORT);
        return new ProcessBuilder("bash", "-c", "exec " + here)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        project.resolve("output.log").toFile()))
                .start();
    }

    private static void run(String command) throws Exception {
        Process process = start(command);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(command).isZero();
    }

    @Test
    void the_page_shows_each_order_once_although_the_service_is_killed() throws Exception {
        RemoteWebDriver browser = Browser.CHROMIUM.start(profile);
        Process service = start(COMMANDS.get(1));
        try {
            await().atMost(PATIENCE).until(() -> status("/") == 200);
            browser.get("http://localhost:" + PORT + "/");
            awaitStatus(browser, "open");
            browser.findElement(By.name("item")).sendKeys("tea");
            browser.findElement(By.tagName("button")).click();
            awaitOrders(browser, "tea");
            browser.navigate().refresh();
            awaitOrders(browser, "tea");

            service.destroyForcibly();
            awaitStatus(browser, "connecting");
            run(COMMANDS.get(0));
            service = start(COMMANDS.get(1));
            awaitOrders(browser, "tea", "cake");

            run(COMMANDS.get(2));
            run(COMMANDS.get(3));
            run(COMMANDS.get(2).replace("coffee", "water"));
            awaitOrders(browser, "tea", "cake", "coffee", "water");
            assertThat(body("/events?channel=user-ann")).contains("\"condition\":\"forbidden\"");
        } finally {
            browser.quit();
            service.destroyForcibly();
        }
    }

    private static void awaitStatus(RemoteWebDriver browser, String status) {
        await().atMost(PATIENCE)
                .until(() -> browser.findElement(By.id("status")).getText().equals(status));
    }

    private static void awaitOrders(RemoteWebDriver browser, String... items) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.findElements(By.cssSelector("#orders li")))
                        .extracting(WebElement::getText)
                        .containsExactly(items));
    }

    private static int status(String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + path))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String body(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + path))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    @Test
    void the_authorizer_gives_each_user_a_channel() throws Exception {
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {project.toUri().toURL()})) {
            ChannelAuthorizer authorizer = (ChannelAuthorizer)
                    classes.loadClass("shop.ShopAuthorizer").getConstructor().newInstance();
            ChannelName own = new ChannelName("user-ann");

            assertThat(authorizer.mayRead(Reader.of(new PrincipalImpl("ann")), own))
                    .isTrue();
            assertThat(authorizer.mayRead(Reader.of(new PrincipalImpl("bob")), own))
                    .isFalse();
            assertThat(authorizer.mayRead(Reader.anonymous(), own)).isFalse();
            assertThat(authorizer.mayRead(Reader.anonymous(), new ChannelName("orders")))
                    .isTrue();
        }
    }

    @Test
    void the_configurations_are_valid() throws Exception {
        List<String> samples = samples("yaml");
        assertThat(samples).hasSize(2);
        for (String sample : samples) {
            JsonNode block =
                    Jackson.newObjectMapper(new YAMLFactory()).readTree(sample).path("eventStream");
            EventStreamFactory read = Jackson.newObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .treeToValue(block, EventStreamFactory.class);
            assertThatCode(() -> read.check(Validators.newValidator())).doesNotThrowAnyException();
        }
    }
}
