package dev.eventstream.http;

import com.google.common.net.PercentEscaper;
import dev.eventstream.channel.ChannelName;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.glassfish.jersey.uri.UriTemplate;

/**
 * An address that streams channels. Three kinds: the client chooses with {@code channel} query parameters; the path names
 * the channel ({@code /events/{channel}}); the route fixes them, perhaps with parts from the path ({@code room-{room}}).
 * Only the first kind reads channels from the query.
 *
 * <p>Immutable.
 */
public final class StreamRoute {
    /** Query parameter that names a channel. */
    static final String CHANNEL_PARAMETER = "channel";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    // encodes what clients may leave bare, and keeps what is encoded already
    private static final PercentEscaper ESCAPER = new PercentEscaper("-._~%", false);

    private final String path;
    private final UriTemplate template;
    private final List<String> templates;

    /**
     * @param path as JAX-RS reads it, beginning with {@code /}; a trailing slash makes no difference
     * @param channels names of channels, with {@code {name}} for a part of the path; empty for a route on which the path
     *     ({@code {channel}}) or else the client names the channels
     * @throws IllegalArgumentException if the path is not a URI template, or a channel needs a part that the path lacks
     */
    public StreamRoute(String path, List<String> channels) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path \"" + path + "\" does not begin with '/'");
        }
        this.path = withoutSlash(path);
        this.template = template(this.path);
        List<String> parts = template.getTemplateVariables();
        this.templates =
                channels.isEmpty() && parts.contains(CHANNEL_PARAMETER) ? List.of("{channel}") : List.copyOf(channels);
        templates.forEach(template -> check(template, parts));
    }

    private static UriTemplate template(String path) {
        try {
            return new UriTemplate(path);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // Jersey throws the latter for a broken escape at the end
            throw new IllegalArgumentException("path \"" + path + "\" is not a URI template", e);
        }
    }

    private void check(String template, List<String> parts) {
        Map<String, String> samples = new HashMap<>();
        for (String name : placeholders(template)) {
            if (!parts.contains(name)) {
                throw new IllegalArgumentException(
                        "channel \"" + template + "\" needs {" + name + "}, which path \"" + path + "\" does not have");
            }
            samples.put(name, "x");
        }
        new ChannelName(fill(template, samples));
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
     */
    Set<ChannelName> channels(UriInfo uri) {
        List<String> asked = uri.getQueryParameters(false).getOrDefault(CHANNEL_PARAMETER, List.of());
        if (templates.isEmpty()) {
            return chosen(asked);
        }
        if (!asked.isEmpty()) {
            throw new IllegalArgumentException(
                    "this address streams fixed channels; remove the channel parameter from it");
        }
        Map<String, String> parts = new HashMap<>();
        uri.getPathParameters(false)
                .forEach((name, values) -> parts.put(name, decode(values.get(0)).value()));
        Set<ChannelName> channels = new LinkedHashSet<>();
        templates.forEach(template -> channels.add(new ChannelName(fill(template, parts))));
        return channels;
    }

    private static Set<ChannelName> chosen(List<String> asked) {
        if (asked.isEmpty()) {
            throw new IllegalArgumentException(
                    "no channel is named; add ?channel=NAME to the address, once per channel");
        }
        Set<ChannelName> channels = new LinkedHashSet<>();
        asked.forEach(name -> channels.add(decode(name.replace("+", "%20"))));
        return channels;
    }

    private static ChannelName decode(String encoded) {
        return ChannelName.decode(ESCAPER.escape(encoded));
    }

    private static List<String> placeholders(String template) {
        List<String> names = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static String fill(String template, Map<String, String> parts) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(parts.getOrDefault(match.group(1), "")));
    }

    /** Whether the client names the channels, with {@code channel} query parameters. */
    public boolean isChosenByClient() {
        return templates.isEmpty();
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
