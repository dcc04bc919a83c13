package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.retention.RetentionRule;
import dev.eventstream.retention.RetentionRules;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long and how many events are kept; {@code eventStream.retention}.
 *
 * <ul>
 *   <li>{@code age}: events older than this are removed; 1 minute to 3650 days, default 24 h.
 *   <li>{@code events}: how many events of each channel are kept; 1 to 1,000,000,000. Left out, every event that is not too
 *       old.
 *   <li>{@code rules}: keep less of some channels; default none. The first rule that matches a channel applies to it.
 * </ul>
 */
public final class RetentionFactory {
    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 1m to 3650d")
    @MaxDuration(value = 3650, unit = TimeUnit.DAYS, message = "is ${validatedValue}; allowed is 1m to 3650d")
    @JsonProperty
    private Duration age = Duration.hours(24);

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000000")
    @Max(value = 1_000_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000000")
    @JsonProperty
    private @Nullable Integer events;

    @Valid
    @NotNull
    @JsonProperty
    private List<@NotNull RetentionRuleFactory> rules = List.of();

    public Duration getAge() {
        return age;
    }

    public void setAge(Duration age) {
        this.age = age;
    }

    public @Nullable Integer getEvents() {
        return events;
    }

    public void setEvents(@Nullable Integer events) {
        this.events = events;
    }

    public List<RetentionRuleFactory> getRules() {
        return rules;
    }

    public void setRules(List<RetentionRuleFactory> rules) {
        this.rules = rules;
    }

    /**
     * Makes the rules for how much of each channel is kept.
     *
     * @throws IllegalArgumentException if a rule is not allowed
     */
    public RetentionRules build() {
        long most = events == null ? Long.MAX_VALUE : events;
        List<RetentionRule> built =
                new ArrayList<>(Entries.build("retention.rules", rules, rule -> rule.build(age, most)));
        if (events != null) {
            built.add(new RetentionRule(new ChannelPattern("*"), age.toJavaDuration(), most));
        }
        return new RetentionRules(age.toJavaDuration(), built);
    }
}
