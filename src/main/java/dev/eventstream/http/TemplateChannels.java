package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.stream.StreamFrame.Condition;
import jakarta.ws.rs.core.UriInfo;
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

    private final List<Template> templates;

    /** The name of a channel, and the names of the placeholders in it. */
    private record Template(String text, List<String> placeholders) {
        static Template of(String text) {
            return new Template(
                    text,
                    PLACEHOLDER
                            .matcher(text)
                            .results()
                            .map(match -> match.group(1))
                            .toList());
        }

        String fill(Map<String, String> values) {
            return PLACEHOLDER
                    .matcher(text)
                    .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), "")));
        }
    }

    /**
     * @param templates one or more
     * @param path the route's path, for the message
     * @param parts names of the parts of the path
     * @throws IllegalArgumentException if a template cannot become the name of a channel, or needs a part that the path lacks
     */
    TemplateChannels(List<String> templates, String path, Collection<String> parts) {
        this.templates = templates.stream().map(Template::of).toList();
        this.templates.forEach(template -> check(template, path, parts));
    }

    private static void check(Template template, String path, Collection<String> parts) {
        Map<String, String> samples = new HashMap<>();
        for (String name : template.placeholders()) {
            if (!parts.contains(name) && !name.equals(USER) && !name.equals(OPTIONAL_USER)) {
                throw new IllegalArgumentException("channel \"" + template.text() + "\" needs {" + name
                        + "}, which path \"" + path + "\" does not have");
            }
            samples.put(name, "x");
        }
        new ChannelName(template.fill(samples));
    }

    @Override
    public Set<ChannelName> of(UriInfo uri, Reader reader) {
        if (uri.getQueryParameters(false).containsKey(ClientChannels.PARAMETER)) {
            throw new IllegalArgumentException(
                    "this address streams fixed channels; remove the channel parameter from it");
        }
        Map<String, String> values = values(uri, reader);
        Set<ChannelName> channels = new LinkedHashSet<>();
        for (Template template : templates) {
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

    private static Optional<String> name(Template template, Map<String, String> values) {
        if (values.keySet().containsAll(template.placeholders())) {
            return Optional.of(template.fill(values));
        }
        if (template.placeholders().contains(OPTIONAL_USER)) {
            return Optional.empty();
        }
        throw notSignedIn();
    }

    private static StreamRefusedException notSignedIn() {
        return new StreamRefusedException(
                Condition.FORBIDDEN, "This address is for readers who have signed in.", List.of());
    }
}
