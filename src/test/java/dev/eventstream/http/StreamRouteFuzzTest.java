package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.RouteOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ContainerRequest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamRouteFuzzTest {
    private static final URI SERVICE = URI.create("http://localhost/");

    private final StreamRoute chosenByTheClient = StreamRoute.at("/events");

    @CsvSource(
            delimiter = '|',
            value = {
                "/rooms/{room} | room-{room} | /rooms/42/",
                "/{a: [a-z]+}/{b} | {a}-{b}-{{a}} | /x/%2F",
                "/events% | $1\\ | /events%",
                "/{channel} | '' | //",
                "/%7B{}[(* | {} | é"
            })
    @FuzzTest
    void a_template_is_usable_or_refused_with_a_message(
            @NotNull @WithUtf8Length(max = 60) String path,
            @NotNull String channel,
            @NotNull @WithUtf8Length(max = 60) String requested) {
        try {
            StreamRoute route = new StreamRoute(path, List.of(channel), RouteOptions.DEFAULTS);
            assertThat(route.isSameAddressAs(route)).isTrue();
            assertThat(route.matches(requested)).isEqualTo(route.matches(requested));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @ValueSource(
            strings = {
                "channel=a+b&channel=gr%C3%B6%C3%9Fe",
                "channel=a:b,c&channel",
                "channel=%25%32",
                "chann%65l=%zz",
                "channel=a/b%2Fc&x=y;z"
            })
    @FuzzTest
    void a_query_names_channels_or_is_refused_with_a_message(@NotNull String query) {
        try {
            URI uri = new URI(SERVICE + "events?" + query);
            ContainerRequest request =
                    new ContainerRequest(SERVICE, uri, "GET", null, new MapPropertiesDelegate(), null);
            assertThat(chosenByTheClient.channels(request.getUriInfo(), Reader.anonymous()))
                    .isNotEmpty();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        } catch (URISyntaxException e) {
            // Jersey would refuse such a request itself
        }
    }
}
