package dev.eventstream.retention;

import dev.eventstream.channel.ChannelName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How much of each channel is kept.
 *
 * <p>Immutable.
 *
 * @param age how long any event is kept
 * @param rules keep less of some channels; the first rule whose pattern matches a channel applies to it
 */
public record RetentionRules(Duration age, List<RetentionRule> rules) {
    /**
     * @throws IllegalArgumentException if a rule would keep events for longer than {@code age}
     */
    public RetentionRules {
        rules = List.copyOf(rules);
        for (RetentionRule rule : rules) {
            if (rule.age().compareTo(age) > 0) {
                throw new IllegalArgumentException("the rule for \"" + rule.channels() + "\" keeps events for "
                        + rule.age() + ", longer than " + age + ", which is the longest for any channel");
            }
        }
    }

    /** The rule for a channel; empty if only {@code age} limits it. */
    public Optional<RetentionRule> ruleFor(ChannelName channel) {
        return rules.stream().filter(rule -> rule.channels().matches(channel)).findFirst();
    }
}
