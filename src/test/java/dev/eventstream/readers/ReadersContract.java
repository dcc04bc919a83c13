package dev.eventstream.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.EventStream;
import dev.eventstream.TestServer;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.network.FaultProxy;
import dev.eventstream.stream.WireReader.WireEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What readers of other projects show, directly and behind a proxy. */
@Timeout(120)
public abstract class ReadersContract {
    private static final int LARGE = 350_000;
    private static final int LINES = 10_000;
    private static final int PIECE_MILLIS = 3;
    private static final int LAST_REQUEST = 3;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "  two spaces",
            ":colon",
            "a\nb",
            "a\rb",
            "a\r\nb",
            "a\n\rb",
            "\n",
            "\r",
            "\n\nafter empty lines",
            "before empty lines\n\n",
            "data: data\ndata: data",
            "first\nid: 5\nevent: stream-error\nretry: 1\ndata: forged\n\ndata: forged\n\n",
            "x\n:comment\n: comment",
            "\uFEFFbyte order mark\n\uFEFFand another in\uFEFFside",
            "\0NUL\0",
            "\u2028\u2029\u0085\u000B\u000C",
            "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 漢字 ünï",
            "\t\u001B[31m\u007F",
            "<script>alert(\"&amp;\")</script>\\\\\"'",
            "漢".repeat(LARGE),
            "a\n".repeat(LINES),
            "last");

    protected abstract TestServer server();

    /** Where readers connect. */
    protected abstract int port();

    protected abstract Collection<Library> libraries();

    /** Whether every stream has a block without data where a channel ends. */
    protected abstract boolean marksEnds();

    private EventStream events() {
        return server().events();
    }

    private Readers open(int port, String path) {
        return new Readers(libraries(), port, path, Map.of());
    }

    private long requestsOf(Library library, String channel) {
        return server().service().requests.stream()
                .filter(request -> request.contains(channel) && request.contains("reader=" + library))
                .count();
    }

    private static List<String> data(List<WireEvent> events) {
        return events.stream().map(event -> Readers.shortened(event.data())).toList();
    }

    private static void assertShows(Library library, OpenReader reader, List<String> texts) {
        assertThat(data(reader.messages()))
                .as("%s", library)
                .isEqualTo(texts.stream()
                        .map(library::shown)
                        .map(Readers::shortened)
                        .toList());
    }

    @Test
    void any_data_arrives_as_it_was_sent_or_as_the_manual_says() {
        try (Readers readers = open(port(), "/events?channel=texts").awaitOpen()) {
            events().send(NewEvent.text("texts", "unregistered", "unregistered"));
            TEXTS.forEach(text -> events().send(NewEvent.text("texts", "message", text)));
            readers.await("last", (library, reader) -> data(reader.messages()).contains("last"));

            List<String> all = new ArrayList<>(TEXTS);
            all.add(0, "unregistered");
            readers.forEach((library, reader) ->
                    assertShows(library, reader, library.has(Limit.ONLY_REGISTERED_TYPES) ? TEXTS : all));
        }
    }

    @Test
    void after_lost_connections_each_channel_is_complete_and_in_order() throws Exception {
        List<String> odd = new ArrayList<>();
        List<String> even = new ArrayList<>();
        Event seen = events().send(NewEvent.text("odd", "message", "seen"));
        send("odd", odd, 0);
        try (FaultProxy network = new FaultProxy("readers", port());
                Readers readers = open(
                        network.port(),
                        "/events?channel=odd&channel=even&lastEventId=odd=" + seen.id() + ",even=0-0")) {
            readers.awaitOpen();
            for (int round = 1; round <= 3; round++) {
                IntStream.range(0, 5).forEach(i -> send("odd", odd, i));
                IntStream.range(0, 5).forEach(i -> send("even", even, i));
                awaitAll(readers, odd, even);
                cutInTheMiddle(network, odd);
                IntStream.range(0, 5).forEach(i -> send("even", even, i));
            }
            awaitAll(readers, odd, even);
            readers.forEach((library, reader) -> {
                assertThat(ofChannel(reader, "odd")).as("%s", library).isEqualTo(odd);
                assertThat(ofChannel(reader, "even")).as("%s", library).isEqualTo(even);
            });
        }
    }

    private void send(String channel, List<String> sent, int number) {
        String text = channel + sent.size() + '/' + number;
        events().send(NewEvent.text(channel, "message", text));
        sent.add(text);
    }

    /** Sends a large event, and cuts all connections after a part of it. */
    private void cutInTheMiddle(FaultProxy network, List<String> sent) {
        String text = "odd" + sent.size() + "x".repeat(LARGE);
        long before = network.bytes();
        network.delay(PIECE_MILLIS);
        events().send(NewEvent.text("odd", "message", text));
        sent.add(Readers.shortened(text));
        await().pollInterval(Duration.ofMillis(1))
                .until(() ->
                        network.bytes() - before > (long) LARGE * libraries().size() / 4);
        network.cut();
        network.release();
    }

    private static void awaitAll(Readers readers, List<String> odd, List<String> even) {
        readers.await("all", (library, reader) -> {
            List<String> data = data(reader.messages());
            return data.containsAll(odd) && data.containsAll(even);
        });
    }

    private static List<String> ofChannel(OpenReader reader, String channel) {
        return data(reader.messages()).stream()
                .filter(text -> text.startsWith(channel))
                .toList();
    }

    @Test
    void a_stream_of_some_types_resumes_after_events_that_it_does_not_show() throws Exception {
        try (FaultProxy network = new FaultProxy("readers", port());
                Readers readers = open(network.port(), "/typed?channel=shop&type=ordered")) {
            readers.awaitOpen();
            for (String text : List.of("first", "second", "third")) {
                events().send(NewEvent.text("shop", "ordered", text));
                events().send(NewEvent.text("shop", "shipped", text));
                readers.await(text, (library, reader) -> data(reader.messages()).contains(text));
                network.cut();
            }
            readers.forEach((library, reader) -> assertThat(reader.messages())
                    .as("%s", library)
                    .extracting(event -> event.type() + ' ' + event.data())
                    .containsExactly("ordered first", "ordered second", "ordered third"));
        }
    }

    @Test
    void lost_events_are_reported_and_the_stream_continues() throws Exception {
        try (FaultProxy network = new FaultProxy("readers", port());
                Readers readers = open(network.port(), "/events?channel=wiped")) {
            readers.awaitOpen();
            events().send(NewEvent.text("wiped", "message", "before"));
            readers.await("before", (library, reader) -> reader.has("message"));
            server().jdbi()
                    .useHandle(handle ->
                            handle.execute("UPDATE eventstream_channel SET epoch = 'other' WHERE name = 'wiped'"));
            network.cut();
            readers.await("reset", (library, reader) -> reader.has("stream-reset"));
            events().send(NewEvent.text("wiped", "message", "after"));
            readers.await("after", (library, reader) -> data(reader.messages()).contains("after"));
            readers.forEach((library, reader) -> {
                assertShows(library, reader, List.of("before", "after"));
                assertThat(reader.events().stream()
                                .filter(event -> event.type().equals("stream-reset"))
                                .map(WireEvent::data))
                        .as("%s", library)
                        .containsExactly("{\"channels\":[\"wiped\"]}");
            });
        }
    }

    @Test
    void at_the_end_of_a_finished_channel_readers_stop_or_keep_asking() {
        try (Readers readers = open(port(), "/events?channel=job").awaitOpen()) {
            events().send(NewEvent.text("job", "message", "done"));
            events().finish("job");
            readers.await("end", (library, reader) -> reader.has("stream-end"));
            awaitStopped(readers, "job", Limit.ASKS_AFTER_THE_END);

            readers.forEach((library, reader) -> {
                assertThat(data(reader.messages()).stream().filter(text -> !text.isEmpty()))
                        .as("%s", library)
                        .containsExactly("done");
                if (marksEnds()) {
                    assertThat(reader.messages().size() > 1)
                            .as("%s", library)
                            .isEqualTo(library.has(Limit.SHOWS_EMPTY_BLOCKS));
                }
            });
        }
    }

    /** Awaits that readers stop, and that those with the limit do not. */
    private void awaitStopped(Readers readers, String channel, Limit keepsAsking) {
        readers.await(
                "stopped",
                (library, reader) ->
                        library.has(keepsAsking) ? requestsOf(library, channel) >= LAST_REQUEST : reader.hasStopped());
        readers.forEach((library, reader) ->
                assertThat(reader.hasStopped()).as("%s", library).isNotEqualTo(library.has(keepsAsking)));
    }

    @Test
    void after_a_refusal_readers_stop_or_keep_asking() {
        try (Readers readers = open(port(), "/events?channel=secret-1")) {
            readers.await("refused", (library, reader) -> reader.has("stream-error"));
            awaitStopped(readers, "secret-1", Limit.ASKS_AFTER_A_REFUSAL);

            readers.forEach((library, reader) -> assertThat(reader.events())
                    .as("%s", library)
                    .allSatisfy(event -> assertThat(event.data()).contains("forbidden")));
        }
    }

    @Test
    void credentials_can_be_sent_in_a_header() {
        Map<String, String> ann = Map.of("Authorization", TestServer.basic("ann"));
        try (Readers readers = new Readers(libraries(), port(), "/events?channel=members-1", ann)) {
            readers.await(
                    "answered",
                    (library, reader) -> reader.has(library.has(Limit.NO_HEADERS) ? "stream-error" : "stream-open"));
        }
    }
}
