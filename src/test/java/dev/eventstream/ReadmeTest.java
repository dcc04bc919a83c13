package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README shows compiles, and what it links to is there. */
class ReadmeTest {
    private static final Pattern SAMPLE =
            Pattern.compile("<!-- compiled by ReadmeTest -->\n```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final String PREAMBLE = """
            import dev.eventstream.*;
            import dev.eventstream.config.EventStreamFactory;
            import io.dropwizard.core.Application;
            import io.dropwizard.core.Configuration;
            import io.dropwizard.core.setup.*;
            import io.dropwizard.db.*;
            import io.dropwizard.migrations.MigrationsBundle;
            import java.util.Map;

            class ShopConfiguration extends Configuration {
                EventStreamFactory getEventStream() { return new EventStreamFactory(); }
                DataSourceFactory getDatabase() { return new DataSourceFactory(); }
            }
            """;

    @TempDir
    Path classes;

    @Test
    void samples_compile() throws Exception {
        List<String> samples =
                SAMPLE.matcher(readme()).results().map(match -> match.group(1)).toList();
        assertThat(samples).hasSize(1);

        assertThat(compile(PREAMBLE + samples.get(0))).isEmpty();
    }

    @Test
    void configurations_can_be_pasted() throws Exception {
        List<String> samples =
                YAML.matcher(readme()).results().map(match -> match.group(1)).toList();
        assertThat(samples).hasSize(2);
        for (String text : samples) {
            // an example's secrets are refused, so readers must change them, and so does this
            String sample = text.replace("an-example-with-32-characters-or-more", "0123456789abcdef0123456789abcdef")
                    .replace("changeme", "0123456789abcdef");
            JsonNode block =
                    Jackson.newObjectMapper(new YAMLFactory()).readTree(sample).path("eventStream");
            EventStreamFactory read = Jackson.newObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .treeToValue(block, EventStreamFactory.class);
            assertThatCode(() -> read.check(Validators.newValidator())).doesNotThrowAnyException();
        }
    }

    @Test
    void links_lead_somewhere() throws Exception {
        List<String> targets = LINK.matcher(readme())
                .results()
                .map(MatchResult::group)
                .map(ReadmeTest::target)
                .toList();

        assertThat(targets)
                .isNotEmpty()
                .allSatisfy(target -> assertThat(Path.of(target)).exists());
    }

    private static String target(String link) {
        return link.substring(2, link.length() - 1);
    }

    private static String readme() throws Exception {
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
