package dev.eventstream.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.control.http.HttpTransport;
import dev.eventstream.grip.TrustedProxy;
import dev.eventstream.grip.key.VerifyKey;
import dev.eventstream.store.testing.SettableClock;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of docs/FASTLY.md: the configuration means what the page says, and the program for the edge is JavaScript. */
class FastlyManualTest {
    private static final String GENERATED = "0123456789abcdef0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private static String sample(String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("docs/FASTLY.md"), UTF_8));
        assertThat(block.find()).isTrue();
        return requireNonNull(block.group(1));
    }

    private static GripProxy proxy() throws IOException {
        String yaml = sample("yaml")
                .replace("\"SECRET\"", GENERATED)
                .replace("SERVICE_ID", "SU1Z0isxPaozGVKXdv0eY")
                .replace("API_TOKEN", "a-token");
        JsonNode block =
                Jackson.newObjectMapper(new YAMLFactory()).readTree(yaml).path("eventStream");
        EventStreamFactory factory = Jackson.newObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .treeToValue(block, EventStreamFactory.class);
        factory.check(Validators.newValidator());
        List<GripProxy> proxies = factory.grip().orElseThrow().buildProxies(new SettableClock());
        assertThat(proxies).hasSize(1);
        return proxies.get(0);
    }

    @Test
    void the_configuration_publishes_to_fastly_and_trusts_this_service_only() throws Exception {
        GripProxy proxy = proxy();

        assertThat(proxy.lane().transport()).isInstanceOfSatisfying(HttpTransport.class, http -> {
            assertThat(http.access().uri()).hasToString("https://api.fastly.com/service/SU1Z0isxPaozGVKXdv0eY");
            assertThat(http.access().credentials().authorization()).contains("Bearer a-token");
            assertThat(http.isProbed()).isFalse();
        });
        assertThat(proxy.trusted())
                .isEqualTo(new TrustedProxy("fastly", VerifyKey.fastlyFanout(), "fastly:SU1Z0isxPaozGVKXdv0eY"));
        assertThat(proxy.lane().limits().maxBatchBytes()).isEqualTo(30_000);
        assertThat(proxy).asString().doesNotContain("a-token");
    }

    /** Fastly's modules exist only at the edge, so the program cannot run here. */
    @Test
    void the_program_for_the_edge_has_valid_syntax() throws Exception {
        Path program = Files.writeString(directory.resolve("edge.mjs"), sample("js"), UTF_8);
        Path complaints = directory.resolve("complaints");
        Process check = new ProcessBuilder("node", "--check", program.toString())
                .redirectErrorStream(true)
                .redirectOutput(complaints.toFile())
                .start();

        int status = check.waitFor();
        assertThat(complaints).content(UTF_8).isEmpty();
        assertThat(status).isZero();
    }
}
