package dev.eventstream.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares docs/CONFIGURATION.md with the beans: every key, its default and its bounds. */
class ConfigurationReferenceTest {
    /** The blocks that are absent by default, and the list entries, each with its bean. */
    private static final Map<String, Object> BLOCKS = Map.of(
            "eventStream.cors", new CrossOriginFactory(),
            "eventStream.grip", new GripFactory(),
            "eventStream.grip.proxies[]", new ProxyFactory(),
            "eventStream.grip.proxies[].deliveryCheck", new DeliveryCheckFactory(),
            "eventStream.presence", new PresenceFactory(),
            "eventStream.publish", new PublishFactory(),
            "eventStream.publish.senders[]", new PublishSenderFactory(),
            "eventStream.retention.rules[]", new RetentionRuleFactory(),
            "eventStream.routes[]", new RouteFactory());

    /** The types of the bus, whose keys all have different names. */
    private static final List<BusFactory> BUSES =
            List.of(new DatabaseBusFactory(), new PostgresBusFactory(), new RedisBusFactory(), new NatsBusFactory());

    private static final List<String> REQUIRED = List.of(
            "eventStream.cors.allowedOrigins",
            "eventStream.grip.linkSecrets",
            "eventStream.grip.proxies",
            "eventStream.grip.proxies[].deliveryCheck.publicUri",
            "eventStream.presence.channels",
            "eventStream.publish.senders[].name",
            "eventStream.retention.rules[].channels");

    private static final Map<TimeUnit, String> UNITS = Map.of(
            TimeUnit.MILLISECONDS, "ms",
            TimeUnit.SECONDS, "s",
            TimeUnit.MINUTES, "m",
            TimeUnit.HOURS, "h",
            TimeUnit.DAYS, "d");

    /** One row of the table, without the meaning. The bounds are empty if there are none. */
    private record Row(String defaultValue, String bounds) {}

    @Test
    void every_key_is_documented_with_its_default_and_bounds() throws Exception {
        Map<String, Row> keys = new TreeMap<>();
        collect("eventStream", new EventStreamFactory(), keys);
        Map<String, Row> documented = documented();

        assertThat(documented).containsOnlyKeys(keys.keySet());
        keys.forEach((key, row) -> {
            Row said = requireNonNull(documented.get(key));
            assertThat(said.defaultValue()).as("default of %s", key).isEqualTo(row.defaultValue());
            if (!row.bounds().isEmpty()) {
                assertThat(said.bounds()).as("bounds of %s", key).isEqualTo(row.bounds());
            }
        });
    }

    private static Map<String, Row> documented() throws IOException {
        return Files.readString(Path.of("docs/CONFIGURATION.md"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("| `eventStream."))
                .map(line -> line.split("\\s*\\|\\s*"))
                .collect(Collectors.toMap(
                        cells -> cells[1].replace("`", ""),
                        cells -> new Row(cells[2].replace("`", ""), cells[3].replace("`", "")),
                        (one, other) -> {
                            throw new AssertionError("a key stands twice in the table: " + one + other);
                        },
                        LinkedHashMap::new));
    }

    private static void collect(String prefix, Object bean, Map<String, Row> keys) throws ReflectiveOperationException {
        for (Field field : bean.getClass().getDeclaredFields()) {
            if (!field.isAnnotationPresent(JsonProperty.class)) {
                continue;
            }
            field.setAccessible(true);
            String key = prefix + '.' + field.getName();
            Object value = field.get(bean);
            if (value instanceof BusFactory) {
                keys.put(key + ".type", new Row("database", ""));
                for (BusFactory bus : BUSES) {
                    collect(key, bus, keys);
                }
                continue;
            }
            if (value != null && value.getClass().getPackageName().equals("dev.eventstream.config")) {
                collect(key, value, keys);
                continue;
            }
            keys.put(key, new Row(REQUIRED.contains(key) ? "required" : text(value), bounds(field)));
            for (String block : List.of(key, key + "[]")) {
                if (BLOCKS.containsKey(block)) {
                    collect(block, BLOCKS.get(block), keys);
                }
            }
        }
    }

    private static String text(Object value) {
        if (value == null) {
            return "none";
        } else if (value instanceof Duration duration) {
            return duration.getQuantity() + UNITS.get(duration.getUnit());
        } else if (value instanceof Collection<?> values) {
            return values.stream().anyMatch(RouteFactory.class::isInstance)
                    ? "one route, /events"
                    : values.stream().map(String::valueOf).sorted().toList().toString();
        }
        return String.valueOf(value);
    }

    private static String bounds(Field field) {
        if (field.isAnnotationPresent(Min.class)) {
            return field.getAnnotation(Min.class).value()
                    + " to "
                    + field.getAnnotation(Max.class).value();
        } else if (field.isAnnotationPresent(MinDuration.class)) {
            MinDuration min = field.getAnnotation(MinDuration.class);
            MaxDuration max = field.getAnnotation(MaxDuration.class);
            return min.value() + UNITS.get(min.unit()) + " to " + max.value() + UNITS.get(max.unit());
        }
        return "";
    }
}
