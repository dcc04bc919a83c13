package dev.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All samples of the manual are tested: those in Java and SQL are part of a test, those in YAML are valid configurations, and those in
 * XML name things that exist. This test fails for a new sample that no test covers.
 */
class ManualSamplesTest {
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern OMISSION = Pattern.compile("// …");
    private static final Pattern INCLUDE = Pattern.compile("<include file=\"([^\"]+)\"/>");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>[^<]+</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>");

    /** GettingStartedIT and TestingManualTest extract the samples of these pages, compile them, and run them. */
    private static final Set<String> COMPILED = Set.of("GETTING-STARTED.md", "TESTING.md");

    /** The first keys of YAML samples that configure other programs, with the test of each. */
    private static final Map<String, Class<?>> OTHER_YAML =
            Map.of("health", ReadinessTest.class, "terminationGracePeriodSeconds", DeploymentTest.class);

    private static final ObjectMapper YAML =
            Jackson.newObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private record Sample(String page, String text) {
        @Override
        public String toString() {
            return page + ": " + text.lines().findFirst().orElse("");
        }
    }

    private static List<Sample> samples(String language) throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (Stream<Path> pages = Files.list(Path.of("docs"))) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                BLOCK.matcher(Files.readString(page, UTF_8))
                        .results()
                        .filter(block -> block.group(1).equals(language))
                        .forEach(block ->
                                samples.add(new Sample(page.getFileName().toString(), block.group(2))));
            }
        }
        assertThat(samples).isNotEmpty();
        return samples;
    }

    static List<Sample> programs() throws IOException {
        List<Sample> programs = new ArrayList<>(samples("java"));
        programs.removeIf(sample -> COMPILED.contains(sample.page()));
        programs.addAll(samples("sql"));
        return programs;
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_program_is_part_of_a_test(Sample sample) throws Exception {
        List<String> parts = OMISSION.splitAsStream(sample.text())
                .map(ManualSamplesTest::squeezed)
                .toList();

        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")))
                    .as("the tests, one of which must contain this sample")
                    .anyMatch(file -> parts.stream().allMatch(squeezed(read(file))::contains));
        }
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<Sample> configurations() throws IOException {
        List<Sample> configurations = new ArrayList<>(samples("yaml"));
        configurations.removeIf(sample ->
                OTHER_YAML.keySet().stream().anyMatch(key -> sample.text().startsWith(key + ':')));
        return configurations;
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void a_configuration_is_valid(Sample sample) throws Exception {
        JsonNode read = YAML.readTree(sample.text().replaceAll("KEY|\"SECRET\"", "0123456789abcdef".repeat(3)));
        List<String> keys = new ArrayList<>();
        read.fieldNames().forEachRemaining(keys::add);
        assertThat(keys).isSubsetOf("database", "eventStream", "routes");
        JsonNode block = read.has("routes") ? read : read.path("eventStream");
        if (block.path("grip") instanceof ObjectNode grip && !grip.has("linkSecrets")) {
            grip.putArray("linkSecrets").add("0123456789abcdef".repeat(3));
        }
        EventStreamFactory factory = YAML.treeToValue(block, EventStreamFactory.class);

        assertThatCode(() -> factory.check(Validators.newValidator())).doesNotThrowAnyException();
        assertThatCode(() -> YAML.treeToValue(read.path("database"), DataSourceFactory.class))
                .doesNotThrowAnyException();
    }

    @Test
    void included_files_exist_and_dependencies_have_the_tested_versions() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"), UTF_8);
        for (Sample sample : samples("xml")) {
            assertThat(INCLUDE.matcher(sample.text()).results())
                    .allSatisfy(include -> assertThat(ManualSamplesTest.class.getResource('/' + include.group(1)))
                            .as(include.group(1))
                            .isNotNull());
            assertThat(DEPENDENCY.matcher(sample.text()).results()).allSatisfy(dependency -> {
                assertThat(pom).contains("<artifactId>" + dependency.group(1) + "</artifactId>");
                assertThat(pom).containsPattern("<[a-z.]*version>" + Pattern.quote(dependency.group(2)) + "<");
            });
        }
    }
}
