package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.channel.PercentEncoding;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.stream.WireReader.WireEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams that show only some types of events, directly and behind a proxy. */
public abstract class TypesContract extends StreamContract {
    private Event send(String channel, String type, String data) {
        return server().events().send(NewEvent.text(channel, type, data));
    }

    private static void assertHas(TestStream stream, String... data) {
        stream.awaitMessages(data.length);
        assertThat(stream.messages()).extracting(WireEvent::data).containsExactly(data);
        assertThat(stream.text()).doesNotContain("stream-reset").doesNotContain("hidden");
    }

    @ParameterizedTest
    @CsvSource({
        "/typed?channel=,                            ordered shipped ünï",
        "/typed?type=shipped&channel=,               shipped",
        "/typed?type=shipped&type=ordered&channel=,  ordered shipped",
        "/typed?type=%C3%BCn%C3%AF%2C+%3B%25&channel=, ünï",
        "/typed/{channel},                           ordered other shipped ünï",
        "/typed/{channel}?type=other,                other",
        "/typed/{channel}?type=nothing&type=other,   other",
    })
    void a_stream_shows_the_types_that_the_route_and_the_client_choose(String address, String shown) {
        String channel = "show-" + Integer.toHexString(address.hashCode());
        String path = address.contains("{channel}") ? address.replace("{channel}", channel) : address + channel;
        try (TestStream stream = stream(path).awaitOpen()) {
            for (int i = 0; i < 3; i++) {
                send(channel, "ordered", "ordered");
                send(channel, "other", "other");
                send(channel, "shipped", "shipped");
                send(channel, "ünï, ;%", "ünï");
            }
            String[] thrice = (shown + ' ' + shown + ' ' + shown).split(" ");
            stream.awaitMessages(thrice.length);
            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly(thrice);
        }
    }

    @Test
    void other_types_are_not_sent_and_the_position_passes_them() {
        try (TestStream stream = stream("/typed?channel=pass").awaitOpen()) {
            send("pass", "other", "hidden");
            send("pass", "ordered", "1");
            send("pass", "other", "hidden");
            Event last = send("pass", "shipped", "2");
            assertHas(stream, "1", "2");
            assertThat(stream.messages().get(1).id()).isEqualTo("pass=" + last.id());
        }
    }

    @Test
    void a_stream_of_several_channels_has_the_positions_of_all() {
        try (TestStream stream =
                stream("/typed?channel=two-a&channel=two-b&channel=unstored-c").awaitOpen()) {
            send("two-a", "ordered", "1");
            Event hidden = send("two-b", "other", "hidden");
            stream.awaitMessages(1);
            Event last = send("two-a", "ordered", "2");
            assertHas(stream, "1", "2");
            assertThat(stream.lastEventId()).contains("two-a=" + last.id());
            send("two-b", "shipped", "3");
            assertHas(stream, "1", "2", "3");
            assertThat(stream.lastEventId()).matches("two-a=" + last.id() + ",two-b=[a-z0-9]+-2");
            assertThat(hidden.id().sequence()).isEqualTo(1);
        }
    }

    @Test
    void events_of_unstored_channels_are_filtered_too() {
        try (TestStream stream = stream("/typed?channel=unstored-typed").awaitOpen()) {
            await().until(() -> {
                send("unstored-typed", "other", "hidden");
                send("unstored-typed", "ordered", "x");
                return !stream.messages().isEmpty();
            });
            assertThat(stream.messages()).extracting(WireEvent::data).containsOnly("x");
        }
    }

    @Test
    void a_returning_client_gets_only_what_it_missed_of_its_types() {
        String position;
        try (TestStream stream = stream("/typed?channel=back").awaitOpen()) {
            send("back", "ordered", "1");
            assertHas(stream, "1");
            position = stream.lastEventId();
        }
        List<String> expected = IntStream.range(0, 3_000)
                .filter(i -> i % 3 == 0)
                .mapToObj(i -> "n" + i)
                .toList();
        for (int from = 0; from < 3_000; from += 500) {
            server().events()
                    .sendAll(IntStream.range(from, from + 500)
                            .mapToObj(i -> NewEvent.text(
                                    "back", i % 3 == 0 ? "shipped" : "other", i % 3 == 0 ? "n" + i : "hidden"))
                            .toList());
        }

        try (TestStream stream = stream("/typed?channel=back", "Last-Event-ID", position)) {
            stream.awaitMessages(expected.size());
            send("back", "other", "hidden");
            send("back", "ordered", "live");
            stream.awaitMessages(expected.size() + 1);
            assertThat(stream.messages().subList(0, expected.size()))
                    .extracting(WireEvent::data)
                    .isEqualTo(expected);
            assertThat(stream.text()).doesNotContain("hidden").doesNotContain("stream-reset");
            assertThat(stream.lastEventId()).endsWith("-3003");
        }
    }

    @Test
    void a_client_that_missed_only_other_types_is_told_its_position() {
        String position = "quiet=" + send("quiet", "ordered", "1").id();
        List<Event> hidden = server().events()
                .sendAll(IntStream.range(0, 5_000)
                        .mapToObj(i -> NewEvent.text("quiet", "other", "hidden"))
                        .toList());
        Event last = hidden.get(hidden.size() - 1);

        try (TestStream stream = stream("/typed?channel=quiet", "Last-Event-ID", position)) {
            await().until(() -> stream.text().contains("id: quiet=" + last.id() + "\n"));
            assertThat(stream.messages()).isEmpty();
            send("quiet", "ordered", "2");
            assertHas(stream, "2");
        }
    }

    @Test
    void a_history_shows_the_types_of_the_stream() {
        send("typed-history", "ordered", "1");
        send("typed-history", "other", "hidden");
        send("typed-history", "shipped", "2");
        try (TestStream stream = stream("/typed?channel=typed-history&start=all")) {
            assertHas(stream, "1", "2");
        }
        try (TestStream stream = stream("/typed/typed-history?start=all&type=shipped")) {
            assertHas(stream, "2");
        }
    }

    @Test
    void a_skipped_user_does_not_get_an_event_of_a_type_that_is_shown() {
        try (TestStream anns = stream("/typed?channel=skips", "Authorization", TestServer.basic("ann"))
                        .awaitOpen();
                TestStream bobs = stream("/typed?channel=skips", "Authorization", TestServer.basic("bob"))
                        .awaitOpen()) {
            server().events()
                    .send(NewEvent.text("skips", "ordered", "not for ann").skippingUser("ann"));
            server().events().send(NewEvent.text("skips", "other", "hidden").skippingUser("bob"));
            send("skips", "ordered", "for both");
            assertHas(bobs, "not for ann", "for both");
            assertHas(anns, "for both");
        }
    }

    @Test
    void streams_with_and_without_a_filter_do_not_disturb_one_another() throws Exception {
        List<TestStream> all = IntStream.range(0, 3)
                .mapToObj(i -> stream("/events?channel=mixed").awaitOpen())
                .toList();
        List<TestStream> some = IntStream.range(0, 3)
                .mapToObj(i -> stream("/typed?channel=mixed&type=ordered").awaitOpen())
                .toList();
        Thread sender = new Thread(() ->
                IntStream.range(0, 300).forEach(i -> send("mixed", i % 5 == 0 ? "ordered" : "other", "" + i)));
        sender.start();
        List<TestStream> late = IntStream.range(0, 3)
                .mapToObj(i -> stream("/typed?channel=mixed&type=ordered&start=all"))
                .toList();
        sender.join();

        all.forEach(stream -> stream.awaitMessages(300));
        assertThat(all)
                .allSatisfy(stream -> assertThat(stream.messages())
                        .extracting(WireEvent::data)
                        .isEqualTo(IntStream.range(0, 300).mapToObj(i -> "" + i).toList()));
        List<String> expected = IntStream.range(0, 60).mapToObj(i -> "" + 5 * i).toList();
        for (List<TestStream> filtered : List.of(some, late)) {
            filtered.forEach(stream -> stream.awaitMessages(60));
            assertThat(filtered)
                    .allSatisfy(stream -> assertThat(stream.messages())
                            .extracting(WireEvent::data)
                            .isEqualTo(expected));
        }
        List.of(all, some, late).forEach(streams -> streams.forEach(TestStream::close));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/events?channel=a&type=ordered | this address does not let clients choose types of events",
                "/typed?channel=a&type=other | type \\\"other\\\" is not allowed at this address; allowed are ordered,"
                        + " shipped, ünï, ;% (eventStream.routes[].types)",
                "/typed?channel=a&type= | event type \\\"\\\" has 0 characters; allowed are 1 to 255",
                "/typed?channel=a&type=%0Adata | has a control character",
                "/typed/a?type=stream-open | is reserved",
                "/typed/a?type=stream-end | is reserved",
            })
    void other_types_are_refused_permanently_and_the_answer_names_those_allowed(String path, String message) {
        try (TestStream stream = stream(path).awaitEnd()) {
            assertThat(stream.text()).contains("id: error", "\"condition\":\"bad-request\"", message);
        }
    }

    @Test
    void too_many_types_are_refused() {
        String types = IntStream.range(0, 21)
                .mapToObj(i -> "type=" + PercentEncoding.encode("t" + i))
                .reduce((one, other) -> one + '&' + other)
                .orElseThrow();
        try (TestStream stream = stream("/typed/a?" + types).awaitEnd()) {
            assertThat(stream.text()).contains("type has 21 entries; allowed are at most 20");
        }
    }
}
