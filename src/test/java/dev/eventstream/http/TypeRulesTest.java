package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.event.EventType;
import dev.eventstream.stream.TypeFilter;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TypeRulesTest {
    private static TypeFilter choose(List<String> rules, String... asked) {
        return new TypeRules(rules).choose(List.of(asked));
    }

    private static TypeFilter only(String... types) {
        return TypeFilter.of(Stream.of(types).map(EventType::new).toList());
    }

    @Test
    void a_client_that_does_not_choose_gets_all_types_of_the_route() {
        assertThat(choose(List.of())).isEqualTo(TypeFilter.ALL);
        assertThat(choose(List.of("*"))).isEqualTo(TypeFilter.ALL);
        assertThat(choose(List.of("a", "b"))).isEqualTo(only("b", "a"));
    }

    @Test
    void a_client_chooses_among_the_types_of_the_route() {
        assertThat(choose(List.of("a", "b"), "b")).isEqualTo(only("b"));
        assertThat(choose(List.of("a", "b"), "b", "a", "b")).isEqualTo(only("a", "b"));
        assertThat(choose(List.of("*"), "x", "*")).isEqualTo(only("x", "*"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(List.of("a", "b"), "a", "c"))
                .withMessage(
                        "type \"c\" is not allowed at this address; allowed are a, b (eventStream.routes[].types)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(List.of(), "a"))
                .withMessage("this address does not let clients choose types of events; remove the type parameter from"
                        + " it (eventStream.routes[].types)");
    }

    @Test
    void twenty_types_are_the_most_for_clients_and_routes() {
        String[] types = IntStream.range(0, 21).mapToObj(i -> "t" + i).toArray(String[]::new);
        List<String> most = List.of(types).subList(0, 20);

        assertThat(choose(List.of("*"), most.toArray(String[]::new)).types()).hasSize(20);
        assertThat(choose(most).types()).hasSize(20);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(List.of("*"), types))
                .withMessage("type has 21 entries; allowed are at most 20");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeRules(List.of(types)))
                .withMessage("types has 21 entries; allowed are at most 20");
    }

    @Test
    void types_that_no_event_can_have_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(List.of("*"), ""))
                .withMessageStartingWith("event type \"\" has 0 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(List.of("*"), "x".repeat(256)))
                .withMessageStartingWith("event type \"xxx");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choose(List.of("a"), "a\r"))
                .withMessageContaining("control character");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeRules(List.of("keep-alive")))
                .withMessageContaining("is reserved");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeRules(List.of("stream-end")))
                .withMessageContaining("is reserved");
    }

    @Test
    void a_route_names_each_type_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeRules(List.of("a", "b", "a")))
                .withMessage("types has an entry twice: a, b, a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeRules(List.of("a", "*")))
                .withMessage("types has \"*\", which stands for all types, and others; keep it alone");
    }
}
