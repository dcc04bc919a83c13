package dev.eventstream.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CapacityPageTest {
    private static final int RANDOM_LOADS = 500;

    private final String page = Checkout.text("docs/capacity.html");

    @Test
    void the_page_in_git_was_made_from_its_sources_and_the_parameters() throws IOException {
        assertThat(page)
                .as("run benchmarks/capacity page")
                .isEqualTo(CapacityPage.of(Path.of("src/main/capacity"), Checkout.parameters())
                        .html());
    }

    @Test
    void the_policy_allows_the_page_its_own_script_and_style_and_nothing_else() throws Exception {
        assertThat(page)
                .contains("content=\"default-src 'none'; script-src '" + digest(part("script")) + "'; style-src '"
                        + digest(part("style")) + "'; base-uri 'none'; form-action 'none'\"");
    }

    @Test
    void the_page_needs_no_other_file() {
        assertThat(page).doesNotContain(" src=", "<link", "@import", "url(", "http:", "https:", "fetch(", " style=");
        assertThat(page.split("<script", -1)).hasSize(2);
        assertThat(page.split("<style", -1)).hasSize(2);
    }

    @Test
    @Timeout(120)
    void its_formulas_are_those_of_the_program(@TempDir Path directory) throws Exception {
        List<Workload> loads = loads();
        JsonNode computed = run(directory, loads);

        assertThat(computed).hasSize(loads.size());
        for (int i = 0; i < loads.size(); i++) {
            compare(loads.get(i), computed.get(i));
        }
    }

    private static void compare(Workload load, JsonNode computed) {
        Estimate expected = Estimate.of(load, Checkout.parameters());
        List<String> names = new ArrayList<>();
        computed.get("figures").fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactlyElementsOf(expected.figures().keySet());
        expected.figures()
                .forEach((name, value) ->
                        assertSame(load, name, computed.get("figures").get(name), value));
        assertThat(computed.get("used")).hasSize(Resource.values().length);
        expected.used()
                .forEach((resource, value) ->
                        assertSame(load, resource.name(), computed.get("used").get(resource.name()), value));
    }

    private static void assertSame(Workload load, String name, JsonNode computed, double expected) {
        assertThat(computed.doubleValue())
                .as("%s of %s", name, load)
                .isCloseTo(expected, within(Math.abs(expected) * 1e-12));
    }

    private static List<Workload> loads() {
        List<Workload> loads = new ArrayList<>(Case.ALL.stream().map(Case::load).toList());
        loads.add(new Workload(1, 1, 1, 0, 0, 0, 1, 1, 0.001, 0, false));
        loads.add(new Workload(1e9, 255, 1e9, 1e7, 16_777_216, 1, 10_000, 1_024, 1_000, 100, true));
        Random random = new Random(7);
        for (int i = 0; i < RANDOM_LOADS; i++) {
            double perReader = 1 + random.nextInt(20);
            loads.add(new Workload(
                    magnitude(random, 8),
                    perReader,
                    perReader - 1 + magnitude(random, 6),
                    magnitude(random, 6) - 1,
                    magnitude(random, 6) - 1,
                    random.nextInt(5) / 4.0,
                    1 + random.nextInt(50),
                    1 + random.nextInt(64),
                    magnitude(random, 2),
                    random.nextInt(5),
                    random.nextBoolean()));
        }
        return loads;
    }

    // from 1 to a power of ten, small numbers as often as large ones
    private static double magnitude(Random random, int power) {
        return Math.rint(Math.pow(10, random.nextDouble() * power));
    }

    private JsonNode run(Path directory, List<Workload> loads) throws Exception {
        String json = loads.stream().map(CapacityPage::json).collect(Collectors.joining(",\n", "[", "]"));
        Path program = directory.resolve("run.cjs");
        Files.writeString(
                program,
                part("script") + "\nconst loads = " + json
                        + ";\nprocess.stdout.write(JSON.stringify(loads.map(load => capacity.estimate(load, parameters))));\n");
        Path output = directory.resolve("output.json");
        Path errors = directory.resolve("errors.txt");
        Process node = new ProcessBuilder("node", program.toString())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).as(Files.readString(errors)).isZero();
        return new ObjectMapper().readTree(output.toFile());
    }

    private String part(String element) {
        String begin = '<' + element + '>';
        return page.substring(page.indexOf(begin) + begin.length(), page.indexOf("</" + element + '>'));
    }

    private static String digest(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }
}
