package dev.eventstream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.RawHttp;
import dev.eventstream.TestStream;
import dev.eventstream.database.Changelog;
import dev.eventstream.event.NewEvent;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every query of the dashboard and every alert rule in docs/monitoring against a real Prometheus that scrapes a service with
 * traffic. Nothing listens at the control port of its proxy.
 */
class PrometheusTest {
    private static final String URL = "jdbc:h2:mem:monitored;DB_CLOSE_DELAY=-1";
    private static final String TOKEN = "a-token-for-the-tests";
    private static final Pattern METRIC = Pattern.compile("eventstream_[a-z_]+");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern TESTED = Pattern.compile("alertname: (\\w+)");
    private static final Pattern SAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final String CONFIGURATION = """
            server:
              applicationConnectors: [{type: http, port: 0}]
              adminConnectors: [{type: http, port: 0}]
            database: {driverClass: org.h2.Driver, url: "%s"}
            eventStream:
              publish: {tokens: [%s]}
              presence: {channels: ["room-*"]}
              grip:
                linkSecrets: [a-link-secret-for-the-tests-of-metrics]
                proxies:
                  - {name: edge, controlUri: "http://127.0.0.1:1", verifyKey: a-verify-key-for-the-tests-of-metrics}
            """.formatted(URL, TOKEN);

    @TempDir
    static Path directory;

    private static DropwizardTestSupport<MonitoredService.Settings> service;
    private static PrometheusServer prometheus;
    private static TestStream stream;

    @BeforeAll
    static void start() throws Exception {
        Changelog.APPLICATION.apply(DriverManager.getConnection(URL));
        Path yaml = Files.writeString(directory.resolve("service.yml"), CONFIGURATION, StandardCharsets.UTF_8);
        service = new DropwizardTestSupport<>(MonitoredService.class, yaml.toString(), new ConfigOverride[0]);
        service.before();
        prometheus = PrometheusServer.scraping(service.getAdminPort());
        stream = TestStream.open(service.getLocalPort(), "/events?channel=room-1")
                .awaitOpen();
        await("two scrapes, between which there was traffic")
                .atMost(Duration.ofSeconds(40))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    traffic();
                    return sum("rate(eventstream_events_delivered_total[1m])") > 0
                            && sum("rate(eventstream_proxy_failed_total[5m])") > 0;
                });
    }

    @AfterAll
    static void stop() {
        stream.close();
        prometheus.close();
        service.after();
    }

    private static void traffic() throws IOException {
        MonitoredService application = service.getApplication();
        application.eventStream().send(NewEvent.text("room-1", "message", "x"));
        RawHttp.get(service.getLocalPort(), "/events?channel=secret-1");
        RawHttp.post(
                service.getLocalPort(),
                "/events",
                "{\"channel\":\"room-1\",\"data\":1}".getBytes(StandardCharsets.UTF_8),
                "Authorization: Bearer " + TOKEN,
                "Content-Type: application/json");
    }

    private static double sum(String query) throws IOException {
        return prometheus
                .query("sum(" + query + ")")
                .path(0)
                .path("value")
                .path(1)
                .asDouble();
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file), StandardCharsets.UTF_8);
    }

    /** The queries of the dashboard, by panel. */
    private static Map<String, List<String>> queries() throws IOException {
        Map<String, List<String>> queries = new TreeMap<>();
        for (JsonNode panel : new ObjectMapper()
                .readTree(read("docs/monitoring/dashboard.json"))
                .path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.computeIfAbsent(panel.path("title").asText(), title -> new ArrayList<>())
                        .add(target.path("expr").asText());
            }
        }
        return queries;
    }

    @Test
    void every_query_of_the_dashboard_has_data() throws Exception {
        assertThat(queries()).hasSizeGreaterThan(20);
        for (Map.Entry<String, List<String>> panel : queries().entrySet()) {
            for (String query : panel.getValue()) {
                assertThat(prometheus.query(query.replace("$__rate_interval", "1m")))
                        .as("%s: %s", panel.getKey(), query)
                        .isNotEmpty()
                        .allSatisfy(series -> assertThat(
                                        series.path("value").path(1).asText())
                                .isNotEqualTo("NaN"));
            }
        }
    }

    @Test
    void causes_reasons_loops_senders_and_proxies_are_labels() throws Exception {
        assertThat(sum("eventstream_refused_total{cause=\"forbidden\"}")).isPositive();
        assertThat(sum("eventstream_publish_events_total{sender=\"token_0\"}")).isPositive();
        assertThat(labels("eventstream_streams_ended_total", "reason")).contains("client_gone", "failed", "overloaded");
        assertThat(labels("eventstream_loop_failures_total", "loop")).contains("poll", "fan_out_0", "proxy_edge");
        for (String name : List.of("sent_total", "queued", "latency", "latency_count", "batch_size_count")) {
            assertThat(labels("eventstream_proxy_" + name, "proxy")).containsExactly("edge");
        }
    }

    private static Set<String> labels(String metric, String label) throws IOException {
        return StreamSupport.stream(prometheus.query(metric).spliterator(), false)
                .map(series -> series.path("metric").path(label).asText())
                .collect(Collectors.toSet());
    }

    @Test
    void every_metric_of_the_alert_rules_exists() throws Exception {
        Set<String> names = METRIC.matcher(read("docs/monitoring/alerts.yml")
                        .lines()
                        .filter(line -> line.contains("expr:"))
                        .collect(Collectors.joining("\n")))
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).hasSizeGreaterThan(15);
        for (String name : names) {
            assertThat(prometheus.query(name)).as(name).isNotEmpty();
        }
    }

    @Test
    void only_the_alert_of_the_unreachable_proxy_fires() throws Exception {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(alerts().get("EventStreamProxyFailing")).isEqualTo("ok firing"));

        Map<String, String> others = alerts();
        others.remove("EventStreamProxyFailing");
        assertThat(others).hasSizeGreaterThan(15);
        assertThat(others.values()).containsOnly("ok inactive");
    }

    private static Map<String, String> alerts() throws IOException {
        Map<String, String> alerts = new TreeMap<>();
        prometheus
                .rules()
                .forEach(rule -> alerts.put(
                        rule.path("name").asText(),
                        rule.path("health").asText() + ' ' + rule.path("state").asText()));
        return alerts;
    }

    @Test
    void the_configuration_is_valid_and_each_alert_fires_when_it_should() throws Exception {
        String tests = "src/test/resources/monitoring/alerts-test.yml";
        promtool("check", "config", "docs/monitoring/prometheus.yml");
        promtool("test", "rules", tests);

        assertThat(found(TESTED, read(tests))).isEqualTo(found(ALERT, read("docs/monitoring/alerts.yml")));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @Test
    void the_service_exposes_its_metrics_with_the_lines_of_the_page() throws Exception {
        List<String> samples = SAMPLE.matcher(read("docs/METRICS.md"))
                .results()
                .map(match -> match.group(1).strip())
                .toList();

        assertThat(samples)
                .singleElement()
                .satisfies(sample -> assertThat(
                                squeezed(read("src/test/java/dev/eventstream/monitoring/MonitoredService.java")))
                        .contains(squeezed(sample)));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
