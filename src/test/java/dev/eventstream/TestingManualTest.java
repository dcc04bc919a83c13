package dev.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the tests of docs/TESTING.md in the project that the first step of docs/GETTING-STARTED.md creates. */
class TestingManualTest {
    private static final Pattern BLOCK =
            Pattern.compile("^```(java|xml|yaml)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern CLASS = Pattern.compile("^(?:public )?class (\\w+)", Pattern.MULTILINE);

    @TempDir
    Path project;

    /** The source of each class of the manual, by its name. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String page : List.of(project(), read("docs/TESTING.md"))) {
            for (String block : blocks(page, "java")) {
                Matcher name = CLASS.matcher(block);
                assertThat(name.find()).isTrue();
                sources.put(name.group(1), block);
            }
        }
        return sources;
    }

    private static String read(String page) throws IOException {
        return Files.readString(Path.of(page), UTF_8);
    }

    /** The first step of the page. */
    private static String project() throws IOException {
        String page = read("docs/GETTING-STARTED.md");
        return page.substring(0, page.indexOf("\n## 2. "));
    }

    private static List<String> blocks(String page, String language) {
        return BLOCK.matcher(page)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    private static String block(String language, String part) throws IOException {
        return blocks(project(), language).stream()
                .filter(block -> block.contains(part))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_tests_of_the_manual_pass() throws Exception {
        Map<String, String> sources = sources();
        Path config = Files.writeString(project.resolve("config.yml"), block("yaml", "driverClass"), UTF_8);
        Files.writeString(project.resolve("migrations.xml"), block("xml", "databaseChangeLog"), UTF_8);
        compile(sources, config);
        assertThat(sources).containsOnlyKeys("OrdersTest", "RoomsTest", "ShopApplication", "ShopTest");
        long tests = sources.values().stream()
                .flatMap(source -> Stream.of(source.split("\\s+")))
                .filter("@Test"::equals)
                .count();

        TestExecutionSummary summary = run(sources.keySet().stream()
                .filter(name -> name.endsWith("Test"))
                .map(name -> "shop." + name)
                .toList());

        assertThat(summary.getFailures())
                .as("failed tests of the manual")
                .extracting(TestExecutionSummary.Failure::getException)
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(tests).isGreaterThanOrEqualTo(7);
    }

    private void compile(Map<String, String> sources, Path config) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            String text = source.getValue().replace("\"config.yml\"", "\"" + config + "\"");
            files.add(Files.writeString(project.resolve(source.getKey() + ".java"), text, UTF_8));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
            List<String> options = List.of("-proc:none", "-d", project.toString());
            compiler.getTask(complaints, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
        }
        assertThat(complaints.toString()).isEmpty();
    }

    private TestExecutionSummary run(List<String> names) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = requireNonNull(thread.getContextClassLoader());
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {project.toUri().toURL()}, before)) {
            thread.setContextClassLoader(classes);
            List<ClassSelector> selectors = new ArrayList<>();
            for (String name : names) {
                selectors.add(selectClass(classes.loadClass(name)));
            }
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectors)
                    .build();
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create().execute(request, listener);
            return listener.getSummary();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
