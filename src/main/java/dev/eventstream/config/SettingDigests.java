package dev.eventstream.config;

import com.google.common.hash.Hashing;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.retention.RetentionRule;
import dev.eventstream.retention.RetentionRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Digests of the settings that must be the same on all nodes. Nodes compare them to find out whether their settings differ.
 *
 * <p>Other programs may see a digest on the bus. It is short, and the digest of a secret is keyed with the secret, so it reveals
 * nothing.
 */
final class SettingDigests {
    private static final int LENGTH = 8;

    private SettingDigests() {}

    /**
     * The digests by YAML key.
     *
     * @param filterTypes whether any route has types; only then does a node publish the types of events to proxies
     */
    static Map<String, String> of(
            List<String> unstored,
            List<String> latest,
            PresenceChannels presence,
            RetentionRules retention,
            boolean filterTypes,
            List<String> linkSecrets) {
        return Map.of(
                "eventStream.unstored", digest(sorted(unstored.stream())),
                "eventStream.latest", digest(sorted(latest.stream())),
                "eventStream.presence", digest(texts(presence)),
                "eventStream.retention", digest(texts(retention)),
                "eventStream.routes[].types", digest(List.of(Boolean.toString(filterTypes))),
                "eventStream.grip.linkSecrets",
                        digest(sorted(linkSecrets.stream().map(SettingDigests::keyed))));
    }

    private static List<String> sorted(Stream<String> texts) {
        return texts.sorted().toList();
    }

    private static List<String> texts(PresenceChannels presence) {
        List<String> texts = new ArrayList<>();
        texts.add(Boolean.toString(presence.hasEvents()));
        presence.patterns().stream().map(ChannelPattern::toString).sorted().forEach(texts::add);
        return texts;
    }

    // in order: the first rule that matches applies
    private static List<String> texts(RetentionRules rules) {
        List<String> texts = new ArrayList<>();
        texts.add(rules.age().toString());
        for (RetentionRule rule : rules.rules()) {
            texts.add(rule.channels().toString());
            texts.add(rule.age().toString());
            texts.add(Long.toString(rule.events()));
        }
        return texts;
    }

    private static String keyed(String secret) {
        return Hashing.hmacSha256(secret.getBytes(StandardCharsets.UTF_8))
                .hashString("settings of a node", StandardCharsets.UTF_8)
                .toString();
    }

    // neither a pattern nor a digest contains a line break
    private static String digest(List<String> texts) {
        return Hashing.sha256()
                .hashString(String.join("\n", texts), StandardCharsets.UTF_8)
                .toString()
                .substring(0, LENGTH);
    }
}
