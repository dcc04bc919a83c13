package dev.eventstream.config;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.PlainText;
import dev.eventstream.http.PublishToken;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Makes the tokens that let programs send. Confined to one thread. */
final class PublishTokens {
    private static final List<ChannelPattern> EVERY_CHANNEL = List.of(new ChannelPattern("*"));

    private final LimitsFactory limits;
    private final List<PublishToken> built = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> digests = new HashSet<>();

    PublishTokens(LimitsFactory limits) {
        this.limits = limits;
    }

    /**
     * Makes all tokens, once. Those without a name are called {@code token-0}, {@code token-1} and so on.
     *
     * @throws IllegalArgumentException if one is published in an example, or two programs have the same token or name
     */
    List<PublishToken> build(List<String> tokens, List<PublishSenderFactory> senders) {
        for (int i = 0; i < tokens.size(); i++) {
            Secrets.warnIfShort("eventStream.publish.tokens", tokens.get(i));
            add("tokens[" + i + "]", "token-" + i, PublishToken.digest(tokens.get(i)), EVERY_CHANNEL);
        }
        for (int i = 0; i < senders.size(); i++) {
            PublishSenderFactory sender = senders.get(i);
            String token = sender.getToken();
            if (token != null) {
                Secrets.warnIfShort("eventStream.publish.senders[" + i + "].token", token);
            }
            add("senders[" + i + "]", sender.getName(), sender.digest(), sender.buildChannels(i));
        }
        return List.copyOf(built);
    }

    private void add(String key, String name, byte[] digest, List<ChannelPattern> channels) {
        if (Secrets.isPublished(digest)) {
            throw refused(key, "has the token of a published example; make one with openssl rand -hex 24");
        } else if (!names.add(name)) {
            throw refused(
                    key,
                    "has the name " + PlainText.quote(name) + ", which another has too; give each a different name");
        } else if (!digests.add(HexFormat.of().formatHex(digest))) {
            throw refused(key, "has the token of another; give each a different one");
        }
        built.add(new PublishToken(
                name,
                digest,
                channels,
                limits.getPublishEventsPerSecond(),
                limits.getPublishBytesPerSecond(),
                Ticker.systemTicker()));
    }

    private static IllegalArgumentException refused(String key, String reason) {
        return new IllegalArgumentException("eventStream.publish." + key + " " + reason);
    }
}
