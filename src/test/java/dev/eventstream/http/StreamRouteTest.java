package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.eventstream.channel.RouteOptions;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random paths and templates; the typical ones are in ConfigurationTest and ChannelInAddressTest. */
class StreamRouteTest {
    private static final List<String> PATH_PARTS = List.of(
            "/", "events", "{room}", "{room: [a-z]+}", "{", "}", ":", "[", "(", "*", "%2F", "%", "é", "\n", "{}");
    private static final List<String> CHANNEL_PARTS = List.of(
            "room-",
            "{room}",
            "{user}",
            "{user?}",
            "{room?}",
            "{",
            "}",
            "{{room}}",
            "{}",
            "$1",
            "\\",
            "\0",
            "é😀",
            "x".repeat(200));

    @Test
    void a_template_always_works_or_is_refused_with_a_message() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            String path = '/' + text(random, PATH_PARTS);
            String channel = text(random, CHANNEL_PARTS);
            try {
                StreamRoute route = new StreamRoute(path, List.of(channel), RouteOptions.DEFAULTS);
                accepted++;
                assertThat(route.isSameAddressAs(route)).isTrue();
                assertThat(route.isChosenByClient()).isFalse();
                assertThatNoException()
                        .as("seed %d, case %d: %s", seed, i, path)
                        .isThrownBy(() -> route.matches(text(random, PATH_PARTS)));
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage())
                        .as("seed %d, case %d: %s, %s", seed, i, path, channel)
                        .isNotEmpty();
            }
        }
        assertThat(accepted).as("seed %d: templates that were accepted", seed).isGreaterThan(100);
    }

    @Test
    void a_path_that_ends_with_an_incomplete_escape_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamRoute.at("/events%"))
                .withMessage("path \"/events%\" is not a URI template");
    }

    private static String text(Random random, List<String> parts) {
        return IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> parts.get(random.nextInt(parts.size())))
                .collect(Collectors.joining());
    }
}
