package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelSelector;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.RouteOptions;
import dev.eventstream.store.StartLimit;
import dev.eventstream.stream.TypeFilter;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.glassfish.jersey.uri.UriTemplate;

/**
 * An address that streams channels. There are four kinds: the client chooses the channels with {@code channel} query parameters;
 * the path names the channel ({@code /events/{channel}}); the route fixes the channels, perhaps with parts of the path
 * ({@code room-{room}}) or the reader's user name ({@code user-{user}}); the application chooses the channels for each request.
 *
 * <p>Immutable.
 */
public final class StreamRoute {
    private final String path;
    private final UriTemplate template;
    private final RouteChannels channels;
    private final StartRules start;
    private final TypeRules types;

    /**
     * @param path as JAX-RS reads it, beginning with {@code /}; a trailing slash makes no difference
     * @param channels names of channels, with {@code {name}} for a part of the path; {@code {user}} stands for the signed-in user,
     *     unless the path has a part of that name; a name with {@code {user?}} is left out for readers who have not signed in;
     *     empty for a route on which the path ({@code {channel}}) or else the client names the channels
     * @throws IllegalArgumentException if the path is not a URI template, or a channel needs a part that the path lacks, or an option
     *     is not allowed
     */
    public StreamRoute(String path, List<String> channels, RouteOptions options) {
        this(path, options, template -> chosen(channels, template));
    }

    /**
     * @param path as in the other constructor
     * @param selector chooses the channels of each request
     * @throws IllegalArgumentException if the path is not a URI template, or an option is not allowed
     */
    public StreamRoute(String path, ChannelSelector selector, RouteOptions options) {
        this(path, options, template -> new SelectedChannels(selector));
    }

    private StreamRoute(String path, RouteOptions options, Function<UriTemplate, RouteChannels> channels) {
        this.start = new StartRules(options.start());
        this.types = new TypeRules(options.types());
        this.path = checked(path);
        this.template = template(this.path);
        this.channels = channels.apply(template);
    }

    /**
     * A route on which the path ({@code {channel}}) or else the client names the channels, with the default options.
     *
     * @throws IllegalArgumentException if the path is not a URI template
     */
    public static StreamRoute at(String path) {
        return new StreamRoute(path, List.of(), RouteOptions.DEFAULTS);
    }

    private static RouteChannels chosen(List<String> channels, UriTemplate template) {
        List<String> parts = template.getTemplateVariables();
        List<String> named =
                channels.isEmpty() && parts.contains(ClientChannels.PARAMETER) ? List.of("{channel}") : channels;
        return named.isEmpty() ? new ClientChannels() : new TemplateChannels(named, template.getTemplate(), parts);
    }

    private static String checked(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path \"" + path + "\" does not begin with '/'");
        }
        return withoutSlash(path);
    }

    private static UriTemplate template(String path) {
        try {
            return new UriTemplate(path);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // Jersey throws the latter for a broken escape at the end
            throw new IllegalArgumentException("path \"" + path + "\" is not a URI template", e);
        }
    }

    /** As JAX-RS reads it, without a trailing slash. */
    public String path() {
        return path;
    }

    /**
     * The channels of a request, without repeats.
     *
     * @throws IllegalArgumentException if there is none, one is not allowed, or the query names channels that the route
     *     fixes
     * @throws StreamRefusedException if there is no channel for the reader, or one needs a user who has signed in
     * @throws IllegalStateException if the application's {@link ChannelSelector} failed
     */
    Set<ChannelName> channels(UriInfo uri, Reader reader) {
        return channels.of(uri, reader);
    }

    /**
     * Where the stream of a request begins in channels for which its client states no position.
     *
     * @param maxEvents the most events of each channel
     * @throws IllegalArgumentException if the client asks for something malformed, or something that this route does not allow
     */
    StartLimit start(UriInfo uri, Instant now, long maxEvents) {
        return start.choose(uri.getQueryParameters().getOrDefault(StartRules.PARAMETER, List.of()), now, maxEvents);
    }

    /**
     * The types of events that the stream of a request shows.
     *
     * @throws IllegalArgumentException if the client names a type that is malformed or that this route does not allow
     */
    TypeFilter types(UriInfo uri) {
        return types.choose(uri.getQueryParameters().getOrDefault(TypeRules.PARAMETER, List.of()));
    }

    /** Whether a stream may show only some types of events. */
    public boolean mayFilterTypes() {
        return types.mayFilter();
    }

    /** How many types of events a stream shows if its client does not choose; 0 for all. */
    public int typeCount() {
        return types.count();
    }

    /** Whether a stream may begin before now, so that the store must find the position. */
    public boolean mayStartEarlier() {
        return start.reachesBack();
    }

    /** The number of events that the rule {@code last:NUMBER} allows; 0 without such a rule. */
    public long mostLastEvents() {
        return start.lastEvents();
    }

    /** Whether the client names the channels, with {@code channel} query parameters. */
    public boolean isChosenByClient() {
        return channels instanceof ClientChannels;
    }

    /** Whether both match the same addresses, whatever the parts of their paths are called. */
    public boolean isSameAddressAs(StreamRoute other) {
        return template.getPattern().equals(other.template.getPattern());
    }

    /** Whether this route serves a percent-encoded request path, with or without a trailing slash, as JAX-RS decides. */
    public boolean matches(String requestPath) {
        return template.match(withoutSlash(requestPath), new ArrayList<>());
    }

    private static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
