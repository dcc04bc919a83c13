package dev.eventstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.event.BadLastEventIdException;
import dev.eventstream.stream.WireReader.WireEvent;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A response that links to the stream which continues from its state. */
class StreamLinkTest {
    private static final URI EVENTS = URI.create("/events");
    private static final Pattern LINK = Pattern.compile("<(?<address>[!-;=?-~]+)>; rel=\"event-stream\"");

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static String linked(Response response) {
        List<Object> links = requireNonNull(response.getHeaders().get("Link"));
        Matcher matcher = LINK.matcher(String.valueOf(links.get(links.size() - 1)));
        assertThat(matcher.matches()).as("link %s", links).isTrue();
        return matcher.group("address");
    }

    @Test
    void a_response_gets_the_address_and_the_position() {
        Response response = StreamLink.to(EVENTS, "alerts=0-0,orders=k3f9x2-41", "orders", "alerts")
                .addTo(Response.ok().header("Link", "</orders?page=2>; rel=\"next\""))
                .build();

        assertThat(response.getHeaders().get("Link"))
                .containsExactly(
                        "</orders?page=2>; rel=\"next\"",
                        "</events?channel=orders&channel=alerts&lastEventId=alerts%3D0-0%2Corders%3Dk3f9x2-41>;"
                                + " rel=\"event-stream\"");
        assertThat(response.getHeaderString("Last-Event-ID")).isEqualTo("alerts=0-0,orders=k3f9x2-41");
    }

    @Test
    void an_address_keeps_its_query() {
        assertThat(StreamLink.to(URI.create("https://example.org/news?since=1"), "a=0-0"))
                .hasToString("https://example.org/news?since=1&lastEventId=a%3D0-0");
        assertThat(StreamLink.to(URI.create("/news?"), "a=0-0")).hasToString("/news?lastEventId=a%3D0-0");
        assertThat(StreamLink.to(URI.create("/n\u00e9ws"), "a=0-0")).hasToString("/n%C3%A9ws?lastEventId=a%3D0-0");
    }

    @Test
    void a_stream_of_unstored_channels_has_an_address_and_no_position() {
        Response response =
                StreamLink.to(EVENTS, "", "unstored-1").addTo(Response.ok()).build();

        assertThat(linked(response)).isEqualTo("/events?channel=unstored-1");
        assertThat(response.getHeaders()).doesNotContainKey("Last-Event-ID");
        assertThat(StreamLink.to(EVENTS, "")).hasToString("/events");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders",
                "a,b=c%d\"<e>&f;g#h?i",
                "  two  spaces ",
                "\u00e9\u4e2d\ud83d\ude00",
                "a/b+c:d@e'f(g)[h]{i}|\\^`~*!$"
            })
    void a_client_that_opens_the_address_gets_what_the_state_lacks(String channel) {
        SERVER.events().send(channel, "message", "part of the state");
        Response response = SERVER.jdbi().inTransaction(TransactionIsolationLevel.SERIALIZABLE, handle -> {
            String position = SERVER.events().in(handle).currentEventId(channel);
            SERVER.events().send("elsewhere", "message", "not waited for");
            return StreamLink.to(EVENTS, position, channel).addTo(Response.ok()).build();
        });
        SERVER.events().send(channel, "message", "later");

        try (TestStream stream = SERVER.stream(linked(response)).awaitOpen()) {
            SERVER.events().send(channel, "message", "live");
            stream.awaitMessages(2);

            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("\"later\"", "\"live\"");
            assertThat(stream.lastEventId()).isNotEqualTo(response.getHeaderString("Last-Event-ID"));
        }
    }

    @Test
    void a_position_needs_a_transaction_whose_queries_see_one_state() {
        assertThatThrownBy(() -> SERVER.jdbi()
                        .useTransaction(handle -> SERVER.events().in(handle).currentEventId("a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the transaction's isolation level is READ COMMITTED, at which its queries need not see the"
                        + " state that the position belongs to; allowed is SERIALIZABLE or SNAPSHOT. Without such a"
                        + " transaction, call EventStream.currentEventId before you read the state");
    }

    @Test
    void channels_that_are_not_stored_have_no_position_in_a_transaction_either() {
        String position = SERVER.jdbi()
                .inTransaction(
                        TransactionIsolationLevel.SERIALIZABLE,
                        handle -> SERVER.events().in(handle).currentEventId("unstored-1", "never sent to"));

        assertThat(position).isEqualTo("never%20sent%20to=0-0");
    }

    @Test
    void malformed_arguments_are_refused() {
        assertThatThrownBy(() -> StreamLink.to(EVENTS, "/events")).isInstanceOf(BadLastEventIdException.class);
        assertThatThrownBy(() -> StreamLink.to(EVENTS, "orders=1\r\nX: y")).isInstanceOf(BadLastEventIdException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> StreamLink.to(EVENTS, "", "a\nb"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamLink.to(URI.create("/events#top"), ""))
                .withMessage("the address of a stream must not have a fragment (#)");
    }

    @Test
    void an_address_that_servers_would_refuse_is_refused_first() {
        String[] channels = new String[28];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = "x".repeat(240) + (10 + i);
        }
        String[] fewer = List.of(channels).subList(0, 27).toArray(String[]::new);

        assertThat(StreamLink.to(EVENTS, "", fewer).toString()).hasSizeLessThanOrEqualTo(StreamLink.MAX_LENGTH);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamLink.to(EVENTS, "", channels))
                .withMessageStartingWith("the address of the stream has 70")
                .withMessageContaining("allowed are at most 7000: name fewer channels");
    }
}
