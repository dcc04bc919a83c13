package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.channel.RouteOptions;
import dev.eventstream.http.StreamRoute;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * An address that streams channels; {@code eventStream.routes[]}.
 *
 * <ul>
 *   <li>{@code path}: a JAX-RS path such as {@code /events}, {@code /events/{channel}} or {@code /rooms/{room}/events};
 *       default {@code /events}.
 *   <li>{@code channels}: names of the channels, with {@code {name}} for parts of the path. {@code {user}} stands for the
 *       signed-in user, unless the path has a part of that name; readers who have not signed in are refused. With
 *       {@code {user?}}, they get the route's other channels instead. If no channels are given, the path names the channel
 *       ({@code {channel}}), or else the client does with {@code ?channel=} parameters.
 *   <li>{@code start}: where streams may begin in channels for which their clients state no position: {@code now}, {@code all},
 *       {@code last:NUMBER}, {@code since:DURATION}. The first is for clients that do not ask with {@code ?start=}; default
 *       {@code [now]}.
 *   <li>{@code types}: the types of events that streams show, at most 20, or {@code *} alone. A client can choose some of them with
 *       {@code ?type=} parameters. If no types are given, streams show all types, and clients cannot choose.
 * </ul>
 */
public final class RouteFactory {
    @NotNull
    @JsonProperty
    private String path = "/events";

    @NotNull
    @JsonProperty
    private List<String> channels = List.of();

    @NotNull
    @JsonProperty
    private List<@NotNull String> start = RouteOptions.DEFAULTS.start();

    @NotNull
    @JsonProperty
    private List<@NotNull String> types = List.of();

    public String getPath() {
        return path;
    }

    public void setPath(String path) {
        this.path = path;
    }

    public List<String> getChannels() {
        return channels;
    }

    public void setChannels(List<String> channels) {
        this.channels = channels;
    }

    public List<String> getStart() {
        return start;
    }

    public void setStart(List<String> start) {
        this.start = start;
    }

    public List<String> getTypes() {
        return types;
    }

    public void setTypes(List<String> types) {
        this.types = types;
    }

    /**
     * @throws IllegalArgumentException if the path, a channel, a start or a type is not allowed; the message quotes it
     */
    StreamRoute build() {
        return new StreamRoute(
                path,
                channels,
                RouteOptions.DEFAULTS.withStart(start.toArray(String[]::new)).withTypes(types.toArray(String[]::new)));
    }
}
