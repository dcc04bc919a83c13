package dev.eventstream.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepairsTest {
    private final ItemEncoder encoder = new ItemEncoder(new UniqueIds("n1"));
    private final Repairs repairs = new Repairs(encoder);

    @Test
    void a_stored_channel_gets_one_hint_and_an_unstored_one_gets_one_reset_in_order() {
        repairs.add(stored("a"));
        repairs.add(unstored("b"));
        repairs.add(stored("a"));

        assertThat(repairs.size()).isEqualTo(2);
        assertThat(repairs.take(10))
                .extracting(ProxyItem::kind, item -> item.source().value())
                .containsExactly(tuple(ProxyItem.Kind.HINT, "a"), tuple(ProxyItem.Kind.RESET, "b"));
        assertThat(repairs.isEmpty()).isTrue();
    }

    @Test
    void no_more_repairs_are_taken_than_fit() {
        List.of("a", "b", "c").forEach(channel -> repairs.add(stored(channel)));

        assertThat(repairs.take(2)).hasSize(2);
        assertThat(repairs.take(2)).extracting(item -> item.source().value()).containsExactly("c");
    }

    @Test
    void a_repair_covers_only_stored_events_of_its_channel() {
        repairs.add(stored("a"));
        repairs.add(unstored("b"));

        assertThat(repairs.cover(stored("a"))).isTrue();
        assertThat(repairs.cover(stored("c"))).isFalse();
        assertThat(repairs.cover(unstored("b"))).isFalse();
    }

    @Test
    void until_it_is_taken_recovering_everything_replaces_hints_but_not_resets() {
        repairs.add(stored("a"));
        repairs.add(unstored("b"));
        repairs.recoverAll();
        repairs.add(stored("c"));

        assertThat(repairs.size()).isEqualTo(1);
        assertThat(repairs.cover(stored("d"))).isTrue();
        assertThat(repairs.isEmpty()).isFalse();
        assertThat(repairs.takeRecoverAll()).isTrue();
        assertThat(repairs.takeRecoverAll()).isFalse();
        assertThat(repairs.cover(stored("d"))).isFalse();
        assertThat(repairs.take(10)).extracting(ProxyItem::kind).containsExactly(ProxyItem.Kind.RESET);
    }

    private ProxyItem stored(String channel) {
        return encoder.event(Event.stored(NewEvent.text(channel, "m", ""), new EventId("e", 1)));
    }

    private ProxyItem unstored(String channel) {
        return encoder.event(Event.unstored(NewEvent.text(channel, "m", "")));
    }
}
