package dev.eventstream.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ItemEncoderTest {
    private final ItemEncoder encoder = new ItemEncoder(new UniqueIds("n1"), false);

    @Test
    void a_stored_event_is_chained_and_leaves_its_id_line_to_the_proxy() {
        Event event = Event.stored(NewEvent.text("a", "message", "hello"), new EventId("k3f9x2", 41));
        assertThat(json(encoder.event(event))).isEqualTo("""
                        {"channel":"events-a","id":"k3f9x2-41","prev-id":"k3f9x2-40","formats":{"http-stream":{\
                        "content":"id: %I\\nevent: message\\ndata: hello\\n\\n","content-filters":["build-id"]}}}""");
    }

    @Test
    void the_first_event_follows_the_position_before_the_first() {
        Event event = Event.stored(NewEvent.text("a", "message", "1"), new EventId("e", 1));
        assertThat(json(encoder.event(event))).contains("\"id\":\"e-1\",\"prev-id\":\"0-0\"");
    }

    @Test
    void names_are_percent_encoded_and_every_percent_sign_of_an_event_is_doubled() {
        Event event = Event.stored(
                NewEvent.text("50 % é😀,;\"", "x", "100%\n%I \"é😀\"\t")
                        .skippingUser("bob")
                        .skippingUser("al, ice;"),
                new EventId("e", 2));
        assertThat(json(encoder.event(event))).isEqualTo("""
                        {"channel":"events-50%20%25%20%C3%A9%F0%9F%98%80%2C%3B%22","id":"e-2","prev-id":"e-1",\
                        "formats":{"http-stream":{"content":"id: %I\\nevent: x\\ndata: 100%%\\ndata: %%I \\"é😀\\"\\t\\n\\n",\
                        "content-filters":["build-id"]}},"meta":{"skip_users":"al%2C%20ice%3B, bob"}}""");
    }

    @Test
    void an_unstored_event_has_a_unique_id_but_no_position() {
        Event event = Event.unstored(NewEvent.text("typing", "t", "100%"));
        List<String> twice = List.of(json(encoder.event(event)), json(encoder.event(event)));
        assertThat(twice).containsExactly("""
                        {"channel":"events-typing","id":"n1.1","formats":{"http-stream":{"content":"event: t\\ndata: 100%%\\n\\n",\
                        "content-filters":["build-id"]}}}""", """
                        {"channel":"events-typing","id":"n1.2","formats":{"http-stream":{"content":"event: t\\ndata: 100%%\\n\\n",\
                        "content-filters":["build-id"]}}}""");
    }

    @Test
    void if_streams_show_only_some_types_each_event_requires_that_the_stream_shows_its_type() {
        ItemEncoder naming = new ItemEncoder(new UniqueIds("n1"), true);
        NewEvent event = NewEvent.text("a", "ünï, ;", "x");

        assertThat(json(naming.event(Event.stored(event, new EventId("e", 2)))))
                .endsWith("},\"meta\":{\"require_sub\":\"type-%C3%BCn%C3%AF%2C%20%3B\"}}");
        assertThat(json(naming.event(Event.unstored(event.skippingUser("bob")))))
                .endsWith("},\"meta\":{\"require_sub\":\"type-%C3%BCn%C3%AF%2C%20%3B\",\"skip_users\":\"bob\"}}");
        assertThat(json(naming.reset(new ChannelName("a")))).doesNotContain("meta");
    }

    @Test
    void a_hint_has_neither_id_nor_content() {
        assertThat(json(encoder.hint(new ChannelName("a b"))))
                .isEqualTo("{\"channel\":\"events-a%20b\",\"formats\":{\"http-stream\":{\"action\":\"hint\"}}}");
    }

    @Test
    void a_reset_names_the_channel() {
        assertThat(json(encoder.reset(new ChannelName("50%")))).isEqualTo("""
                        {"channel":"events-50%25","id":"n1.1","formats":{"http-stream":{\
                        "content":"event: stream-reset\\ndata: {\\"channels\\":[\\"50%%\\"]}\\n\\n","content-filters":["build-id"]}}}""");
    }

    @Test
    void a_kick_sends_a_frame_and_then_closes() {
        List<ProxyItem> kick =
                encoder.kick("al ice", new ChannelName("é"), "data: 100%\n\n".getBytes(StandardCharsets.UTF_8));
        assertThat(kick.stream().map(ItemEncoderTest::json).collect(Collectors.joining("\n")))
                .isEqualTo("""
                        {"channel":"user-al%20ice","id":"n1.1","formats":{"http-stream":{"content":"data: 100%\\n\\n"}},\
                        "meta":{"require_sub":"events-%C3%A9"}}
                        {"channel":"user-al%20ice","id":"n1.2","prev-id":"n1.1","formats":{"http-stream":{"action":"close"}},\
                        "meta":{"require_sub":"events-%C3%A9"}}""");
    }

    @Test
    void ids_of_two_processes_differ() {
        assertThat(new UniqueIds().next()).isNotEqualTo(new UniqueIds().next()).matches("[0-9a-z]{6,13}\\.1");
    }

    @Test
    void the_text_form_of_an_item_shows_no_content() {
        Event event = Event.stored(NewEvent.text("a", "message", "secret"), new EventId("e", 1));
        assertThat(encoder.event(event)).hasToString("STORED channel=\"a\" id=e-1");
    }

    private static String json(ProxyItem item) {
        return new String(item.json(), StandardCharsets.UTF_8);
    }
}
