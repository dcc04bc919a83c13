package dev.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The samples of docs/OPERATION.md for systemd and Kubernetes are well-formed, and give a node enough time to stop. */
class DeploymentTest {
    /** The bundle's own work may take this long after the connectors have closed: see {@code Lifecycle}. */
    private static final Duration OWN_WORK = Duration.ofSeconds(5);

    private static final int SIGTERM = 15;

    @TempDir
    Path directory;

    // the part of Kubernetes' API (core/v1, PodSpec) that the page uses; other keys are refused
    record Pod(int terminationGracePeriodSeconds, List<Container> containers) {}

    record Container(String name, Probe readinessProbe, Probe livenessProbe) {}

    record Probe(HttpGet httpGet, int periodSeconds, Integer failureThreshold) {
        /** Kubernetes' default. */
        private static final int FAILURE_THRESHOLD = 3;

        Duration untilFailed() {
            return Duration.ofSeconds(
                    (long) periodSeconds * (failureThreshold == null ? FAILURE_THRESHOLD : failureThreshold));
        }
    }

    record HttpGet(String path, int port) {}

    private static String sample(String language, String start) throws IOException {
        Matcher block = Pattern.compile(
                        "^```" + language + "\n(" + start + ".*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("docs/OPERATION.md"), UTF_8));
        assertThat(block.find()).isTrue();
        return requireNonNull(block.group(1));
    }

    private static String unit() throws IOException {
        return sample("ini", "\\[Service]");
    }

    private static String setting(String name) throws IOException {
        Matcher setting =
                Pattern.compile("^" + name + "=(\\S+)", Pattern.MULTILINE).matcher(unit());
        assertThat(setting.find()).as(name).isTrue();
        return requireNonNull(setting.group(1));
    }

    private static Pod pod() throws IOException {
        ObjectMapper strict =
                Jackson.newObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        return strict.readValue(sample("yaml", "terminationGracePeriodSeconds"), Pod.class);
    }

    /** How long a node with the default configuration may take to stop: requests and the bundle's own work take as long as allowed. */
    private static Duration stop() {
        Duration drain = new EventStreamFactory().getDrain().toJavaDuration();
        return drain.plus(new DefaultServerFactory().getShutdownGracePeriod().toJavaDuration())
                .plus(OWN_WORK);
    }

    /** What systemd reports about a unit that runs this JVM's program. */
    private String complaints(String unit) throws Exception {
        String java =
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
        Path file = Files.writeString(directory.resolve("orders.service"), unit.replace("/usr/bin/java", java), UTF_8);
        Process check = new ProcessBuilder("systemd-analyze", "verify", "--man=no", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("complaints").toFile())
                .start();

        assertThat(check.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Files.readString(directory.resolve("complaints"), UTF_8).strip();
    }

    @Test
    void systemd_accepts_the_unit() throws Exception {
        assertThat(complaints(unit())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "TimeoutStopSec, TimeoutStopSecs",
        "=45, =soon",
        "65536, many",
        "143, 1430",
        "/usr/bin/java, /usr/bin/jaba"
    })
    void systemd_complains_about_a_mistake_in_the_unit(String right, String wrong) throws Exception {
        assertThat(complaints(unit().replace(right, wrong))).contains("orders.service");
    }

    @Test
    void both_give_a_node_enough_time_to_stop() throws Exception {
        int seconds = pod().terminationGracePeriodSeconds();

        assertThat(Duration.ofSeconds(seconds)).isGreaterThanOrEqualTo(stop());
        assertThat(setting("TimeoutStopSec")).isEqualTo(Integer.toString(seconds));
        for (String page : List.of("docs/OPERATION.md", "docs/GETTING-STARTED.md")) {
            assertThat(Path.of(page)).content(UTF_8).contains(seconds + " s");
        }
    }

    @Test
    void readiness_fails_earlier_than_liveness_and_both_probes_ask_the_admin_port() throws Exception {
        int adminPort = ((HttpConnectorFactory)
                        new DefaultServerFactory().getAdminConnectors().get(0))
                .getPort();
        assertThat(pod().containers()).singleElement().satisfies(container -> {
            assertThat(container.readinessProbe().httpGet()).isEqualTo(new HttpGet("/ping", adminPort));
            assertThat(container.livenessProbe().httpGet()).isEqualTo(new HttpGet("/ping", adminPort));
            assertThat(container.readinessProbe().untilFailed())
                    .isLessThan(container.livenessProbe().untilFailed());
        });
    }

    @Test
    void the_unit_allows_enough_descriptors_for_all_streams_and_treats_a_signal_as_success() throws Exception {
        assertThat(Integer.parseInt(setting("LimitNOFILE")))
                .isGreaterThan(new EventStreamFactory().getLimits().getStreams());
        assertThat(setting("SuccessExitStatus")).isEqualTo(Integer.toString(128 + SIGTERM));
    }
}
