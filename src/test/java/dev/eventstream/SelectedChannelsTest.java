package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelSelector;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.RouteOptions;
import dev.eventstream.channel.StreamRequest;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.core.Configuration;
import io.dropwizard.testing.DropwizardTestSupport;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An application that chooses the channels of its streams. */
class SelectedChannelsTest {
    private static final Rooms ROOMS = new Rooms();

    /** Chooses the same channels for every reader, or fails. */
    private static final class Rooms implements ChannelSelector {
        final List<ChannelName> chosen = new CopyOnWriteArrayList<>();
        final List<StreamRequest> requests = new CopyOnWriteArrayList<>();
        volatile RuntimeException failure = new IllegalStateException();
        volatile boolean isBroken;

        @Override
        public Collection<ChannelName> channels(Reader reader, StreamRequest request) {
            requests.add(request);
            if (isBroken) {
                throw failure;
            }
            return chosen;
        }
    }

    private static final SmallService SERVICE =
            new SmallService(bundle -> bundle.store((any, environment) -> new MemoryEventStore(Clock.systemUTC()))
                    .authorizer((reader, channel) -> !channel.value().startsWith("secret-"))
                    .route("/events/me", ROOMS)
                    .route("/teams/{team}/events", ROOMS)
                    .route("/history", RouteOptions.DEFAULTS.withStart("last:2", "now"), ROOMS));
    private static final DropwizardTestSupport<Configuration> SERVER = SERVICE.server();

    @BeforeAll
    static void start() throws Exception {
        SERVER.before();
    }

    @AfterAll
    static void stop() {
        SERVER.after();
    }

    @BeforeEach
    void startOver() {
        ROOMS.requests.clear();
        ROOMS.isBroken = false;
        choose("room-1");
    }

    private static void choose(String... channels) {
        ROOMS.chosen.clear();
        List.of(channels).forEach(channel -> ROOMS.chosen.add(new ChannelName(channel)));
    }

    private static TestStream open(String path) {
        return TestStream.open(SERVER.getLocalPort(), path);
    }

    private static void send(String channel, String data) {
        SERVICE.eventStream().send(channel, "message", data);
    }

    @Test
    void a_stream_has_the_chosen_channels_and_a_client_that_comes_back_those_that_are_chosen_then() {
        choose("room-1", "room-2", "room-1");
        String position;
        try (TestStream stream = open("/events/me").awaitOpen()) {
            send("room-1", "one");
            send("room-2", "two");
            stream.awaitMessages(2);
            position = stream.lastEventId();
        }
        assertThat(position).contains("room-1=", "room-2=");
        send("room-1", "missed");
        send("room-2", "no longer hers");
        choose("room-1", "room-3");

        try (TestStream stream = open("/events/me?lastEventId=" + position).awaitOpen()) {
            send("room-3", "three");
            stream.awaitMessages(2);
            assertThat(stream.text()).contains("missed", "three").doesNotContain("no longer hers");
            assertThat(stream.lastEventId()).contains("room-1=", "room-3=").doesNotContain("room-2");
        }
    }

    @Test
    void a_channel_that_is_chosen_for_the_first_time_begins_with_its_history() {
        choose("old-room");
        send("old-room", "seen");
        String position;
        try (TestStream stream = open("/history").awaitMessages(1)) {
            position = stream.lastEventId();
        }
        List.of("one", "two", "three").forEach(data -> send("new-room", data));
        choose("new-room", "old-room");

        try (TestStream stream = open("/history?lastEventId=" + position).awaitMessages(2)) {
            assertThat(stream.messages()).extracting(event -> event.data()).containsExactly("\"two\"", "\"three\"");
        }
        try (TestStream stream = open("/history?start=now").awaitOpen()) {
            send("new-room", "four");
            stream.awaitMessages(1);
            assertThat(stream.messages()).extracting(event -> event.data()).containsExactly("\"four\"");
        }
    }

    @Test
    void the_application_sees_the_decoded_request() {
        open("/teams/a%20b/events?room=1+2&room=x&empty=").awaitOpen().close();

        assertThat(ROOMS.requests).singleElement().satisfies(request -> {
            assertThat(request.uri().getPath()).isEqualTo("/teams/a b/events");
            assertThat(request.uri().getHost()).isEqualTo("localhost");
            assertThat(request.path()).containsOnlyKeys("team").containsEntry("team", "a b");
            assertThat(request.queryParameter("room")).contains("1 2");
            assertThat(request.query().get("room")).containsExactly("1 2", "x");
            assertThat(request.queryParameter("empty")).contains("");
            assertThat(request.queryParameter("other")).isEmpty();
        });
    }

    @Test
    void the_authorizer_is_asked_about_chosen_channels_too() {
        choose("room-1", "secret-1");

        assertThat(open("/events/me").awaitEnd().text()).contains("\"condition\":\"forbidden\"", "[\"secret-1\"]");
    }

    @Test
    void a_reader_without_a_channel_is_refused_for_good() {
        choose();

        assertThat(open("/events/me").awaitEnd().text())
                .contains("\"condition\":\"forbidden\"", "There is no channel for you here.", "id: error");
    }

    @Test
    void more_channels_than_allowed_are_refused_with_the_key() {
        choose(IntStream.range(0, 11).mapToObj(i -> "room-" + i).toArray(String[]::new));

        assertThat(open("/events/me").awaitEnd().text())
                .contains("\"condition\":\"bad-request\"", "eventStream.limits.channelsPerStream");
    }

    @ParameterizedTest
    @CsvSource({
        "java.lang.IllegalArgumentException",
        "java.lang.IllegalStateException",
        "java.lang.NullPointerException"
    })
    void a_failure_is_temporary_and_its_reason_is_for_the_log_only(Class<? extends RuntimeException> type)
            throws Exception {
        ROOMS.failure = type.getConstructor(String.class).newInstance("the password is s3cret");
        ROOMS.isBroken = true;

        try (Logged logged = new Logged()) {
            String text = open("/events/me").awaitEnd().text();
            assertThat(text)
                    .contains("\"condition\":\"internal-error\"")
                    .doesNotContain("s3cret")
                    .doesNotContain("id:");
            assertThat(logged.lines()).anyMatch(line -> line.contains("the ChannelSelector failed"));
        }
    }
}
