package dev.eventstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the samples in README compile and are valid, and that no link or picture is missing. ReadmeIT in the example runs them. */
class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Pattern PICTURE = Pattern.compile("(?:src|srcset)=\"([^\"]+)\"");
    private static final String GENERATED = "0123456789abcdef0123456789abcdef0123456789abcdef";

    @TempDir
    Path classes;

    @Test
    void the_sample_application_compiles() throws Exception {
        List<String> samples = samples(JAVA);
        assertThat(samples).hasSize(2); // TestingManualTest runs the second one

        assertThat(compile(samples.get(0))).isEmpty();
    }

    @Test
    void sample_configurations_are_valid_with_generated_keys() throws Exception {
        List<String> samples = samples(YAML);
        assertThat(samples).hasSize(2);
        for (String sample : samples) {
            JsonNode block = Jackson.newObjectMapper(new YAMLFactory())
                    .readTree(sample.replaceAll("KEY|SECRET", GENERATED))
                    .path("eventStream");
            EventStreamFactory read = Jackson.newObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .treeToValue(block, EventStreamFactory.class);
            assertThatCode(() -> read.check(Validators.newValidator())).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_are_not_broken(Path page) throws Exception {
        Path directory = requireNonNull(page.toAbsolutePath().getParent());

        assertThat(LINK.matcher(Files.readString(page, StandardCharsets.UTF_8)).results())
                .allSatisfy(link -> assertThat(directory.resolve(link.group(1))).exists());
    }

    @Test
    void pictures_exist_and_are_small() throws Exception {
        List<String> pictures = samples(PICTURE).stream().distinct().toList();
        assertThat(pictures).hasSizeGreaterThan(4);

        long bytes = 0;
        for (String picture : pictures) {
            bytes += Files.size(Path.of(picture));
        }
        assertThat(bytes).isLessThan(1_500_000);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(Path.of(""));
                Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(top, docs)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> samples(Pattern fence) throws IOException {
        return fence.matcher(readme()).results().map(match -> match.group(1)).toList();
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"), StandardCharsets.UTF_8);
    }

    private String compile(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///ShopApplication.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        StringWriter complaints = new StringWriter();
        compiler.getTask(complaints, null, null, List.of("-proc:none", "-d", classes.toString()), null, List.of(file))
                .call();
        return complaints.toString();
    }
}
