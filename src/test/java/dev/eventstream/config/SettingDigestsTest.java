package dev.eventstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.retention.RetentionRule;
import dev.eventstream.retention.RetentionRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingDigestsTest {
    private static final String FIRST = "a-first-secret-with-more-than-32-characters";
    private static final String SECOND = "a-second-secret-with-more-than-32-characters";
    private static final PresenceChannels PRESENCE = new PresenceChannels(List.of(new ChannelPattern("room-*")), true);
    private static final RetentionRule CHAT = rule("chat-*", 100);
    private static final RetentionRule ROOMS = rule("*-rooms", 200);

    private static RetentionRule rule(String channels, long events) {
        return new RetentionRule(new ChannelPattern(channels), Duration.ofHours(1), events);
    }

    private static RetentionRules rules(RetentionRule... rules) {
        return new RetentionRules(Duration.ofHours(2), List.of(rules));
    }

    private static String retention(RetentionRules rules) {
        return SettingDigests.of(List.of(), List.of(), PresenceChannels.NONE, rules, false, List.of())
                .getOrDefault("eventStream.retention", "");
    }

    @Test
    void equal_settings_have_equal_digests_and_order_counts_only_where_it_has_an_effect() {
        assertThat(SettingDigests.of(
                        List.of("a", "b-*"),
                        List.of("p", "q"),
                        PresenceChannels.NONE,
                        rules(CHAT, ROOMS),
                        false,
                        List.of(FIRST, SECOND)))
                .isEqualTo(SettingDigests.of(
                        List.of("b-*", "a"),
                        List.of("q", "p"),
                        PresenceChannels.NONE,
                        rules(CHAT, ROOMS),
                        false,
                        List.of(SECOND, FIRST)));
        assertThat(retention(rules(CHAT, ROOMS))).isNotEqualTo(retention(rules(ROOMS, CHAT)));
    }

    @Test
    void each_different_setting_has_a_different_digest() {
        Map<String, String> nothing =
                SettingDigests.of(List.of(), List.of(), PresenceChannels.NONE, rules(), false, List.of());
        Map<String, String> other =
                SettingDigests.of(List.of("a"), List.of("b"), PRESENCE, rules(CHAT), true, List.of(FIRST));
        assertThat(other).hasSize(6).containsOnlyKeys(nothing.keySet());
        assertThat(other).allSatisfy((key, digest) -> assertThat(digest).isNotEqualTo(nothing.get(key)));
        assertThat(SettingDigests.of(
                        List.of("a"), List.of("b"), PresenceChannels.NONE, rules(CHAT), true, List.of(SECOND)))
                .extractingByKey("eventStream.grip.linkSecrets")
                .isNotEqualTo(other.get("eventStream.grip.linkSecrets"));
    }

    @Test
    void a_digest_is_too_short_to_contain_a_secret() {
        assertThat(SettingDigests.of(List.of(), List.of(), PresenceChannels.NONE, rules(), false, List.of(FIRST))
                        .values())
                .allSatisfy(digest -> assertThat(digest).matches("[0-9a-f]{8}"));
    }
}
