package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Compares docs/METRICS.md with the registry of a node on which every feature is enabled. */
class MetricsReferenceTest {
    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("""
            presence: {channels: ["room-*"]}
            deliveryCheckTimeout: 5s
            grip:
              proxies:
                - name: proxy
                  controlUri: http://127.0.0.1:9/
                  verifyKey: a-verify-key-for-the-tests-of-metrics
                  deliveryCheck: {publicUri: "http://127.0.0.1:9"}
              linkSecrets: [a-link-secret-for-the-tests-of-metrics]
            """);

    /** A row of a table: one or more names, the kind, the unit, the meaning, what to do. */
    private static final Pattern ROW =
            Pattern.compile("\\| (`eventstream\\.[^|]*) \\| ([a-z]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");

    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** The values of the page's placeholders on this node. */
    private static final List<String> LOOPS = List.of(
            "announced",
            "bus-receive",
            "bus-send",
            "catch-up",
            "fan-out-0",
            "permissions",
            "poll",
            "presence",
            "proxied-permissions",
            "proxy-proxy",
            "recheck",
            "retention",
            "sweep");

    private static final List<String> SENDERS = List.of("token-0", "billing", "slow", "bulk");

    @Test
    void every_metric_is_documented_with_its_kind() throws Exception {
        assertThat(documented()).containsExactlyEntriesOf(registered());
    }

    private static SortedMap<String, String> registered() {
        MetricRegistry metrics = SERVER.support().getEnvironment().metrics();
        SortedMap<String, String> kinds = new TreeMap<>();
        metrics.getCounters().keySet().forEach(name -> kinds.put(name, "counter"));
        metrics.getGauges().keySet().forEach(name -> kinds.put(name, "gauge"));
        metrics.getHistograms().keySet().forEach(name -> kinds.put(name, "histogram"));
        metrics.getMeters().keySet().forEach(name -> kinds.put(name, "meter"));
        metrics.getTimers().keySet().forEach(name -> kinds.put(name, "timer"));
        kinds.keySet().removeIf(name -> !name.startsWith("eventstream."));
        return kinds;
    }

    private static SortedMap<String, String> documented() throws IOException {
        SortedMap<String, String> kinds = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("docs/METRICS.md"), StandardCharsets.UTF_8));
        while (row.find()) {
            Matcher name = NAME.matcher(row.group(1));
            while (name.find()) {
                for (String full : filled(name.group(1))) {
                    assertThat(kinds.put(full, row.group(2)))
                            .as("%s is on the page twice", full)
                            .isNull();
                }
            }
        }
        return kinds;
    }

    private static List<String> filled(String name) {
        List<String> values = name.contains("<loop>") ? LOOPS : name.contains("<sender>") ? SENDERS : List.of("proxy");
        return name.contains("<")
                ? values.stream()
                        .map(value -> name.replaceAll("<[a-z]+>", value))
                        .toList()
                : List.of(name);
    }
}
