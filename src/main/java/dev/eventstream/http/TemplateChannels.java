package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.stream.StreamFrame.Condition;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The route fixes the channels, perhaps with parts of the path ({@code room-{room}}) or with the reader's user name
 * ({@code user-{user}}).
 */
final class TemplateChannels implements RouteChannels {
    /** Stands for the signed-in user, unless the path has a part of that name. */
    private static final String USER = "user";

    /** Stands for the signed-in user; a channel with it is left out for readers who have not signed in. */
    private static final String OPTIONAL_USER = "user?";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    private final List<String> templates;

    private TemplateChannels(List<String> templates) {
        this.templates = List.copyOf(templates);
    }

    /**
     * @param templates one or more
     * @param path the route's path, for the message
     * @param parts names of the parts of the path
     * @throws IllegalArgumentException if a template cannot become the name of a channel, or needs a part that the path lacks
     */
    static TemplateChannels of(Collection<String> templates, String path, Collection<String> parts) {
        templates.forEach(template -> check(template, path, parts));
        return new TemplateChannels(List.copyOf(templates));
    }

    private static void check(String template, String path, Collection<String> parts) {
        Map<String, String> samples = new HashMap<>();
        for (String name : placeholders(template)) {
            if (!parts.contains(name) && !name.equals(USER) && !name.equals(OPTIONAL_USER)) {
                throw new IllegalArgumentException(
                        "channel \"" + template + "\" needs {" + name + "}, which path \"" + path + "\" does not have");
            }
            samples.put(name, "x");
        }
        new ChannelName(fill(template, samples));
    }

    @Override
    public Set<ChannelName> of(UriInfo uri, Reader reader) {
        if (uri.getQueryParameters(false).containsKey(ClientChannels.PARAMETER)) {
            throw new IllegalArgumentException(
                    "this address streams fixed channels; remove the channel parameter from it");
        }
        Map<String, String> values = values(uri, reader);
        Set<ChannelName> channels = new LinkedHashSet<>();
        for (String template : templates) {
            name(template, values).ifPresent(name -> channels.add(new ChannelName(name)));
        }
        if (channels.isEmpty()) {
            throw notSignedIn();
        }
        return channels;
    }

    private static Map<String, String> values(UriInfo uri, Reader reader) {
        Map<String, String> values = new HashMap<>();
        reader.user().ifPresent(user -> {
            values.put(USER, user);
            values.put(OPTIONAL_USER, user);
        });
        values.putAll(AddressText.path(uri));
        return values;
    }

    private static Optional<String> name(String template, Map<String, String> values) {
        List<String> names = placeholders(template);
        if (values.keySet().containsAll(names)) {
            return Optional.of(fill(template, values));
        }
        if (names.contains(OPTIONAL_USER)) {
            return Optional.empty();
        }
        throw notSignedIn();
    }

    private static StreamRefusedException notSignedIn() {
        return new StreamRefusedException(
                Condition.FORBIDDEN, "This address is for readers who have signed in.", List.of());
    }

    private static List<String> placeholders(String template) {
        List<String> names = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static String fill(String template, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), "")));
    }
}
