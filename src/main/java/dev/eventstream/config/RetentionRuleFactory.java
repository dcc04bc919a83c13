package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.retention.RetentionRule;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps fewer events of some channels; {@code eventStream.retention.rules[]}. A rule has {@code age}, {@code events} or both.
 *
 * <ul>
 *   <li>{@code channels}: a pattern of channel names, with {@code *} for any characters; required.
 *   <li>{@code age}: how long their events are kept; 1 s to 3650 days, at most {@code eventStream.retention.age}, the default.
 *   <li>{@code events}: how many events of each are kept; 1 to 1,000,000,000, default {@code eventStream.retention.events}.
 * </ul>
 */
public final class RetentionRuleFactory {
    @NotEmpty
    @JsonProperty
    private String channels = "";

    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 3650d")
    @MaxDuration(value = 3650, unit = TimeUnit.DAYS, message = "is ${validatedValue}; allowed is 1s to 3650d")
    @JsonProperty
    private @Nullable Duration age;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000000")
    @Max(value = 1_000_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000000")
    @JsonProperty
    private @Nullable Integer events;

    public String getChannels() {
        return channels;
    }

    public void setChannels(String channels) {
        this.channels = channels;
    }

    public @Nullable Duration getAge() {
        return age;
    }

    public void setAge(@Nullable Duration age) {
        this.age = age;
    }

    public @Nullable Integer getEvents() {
        return events;
    }

    public void setEvents(@Nullable Integer events) {
        this.events = events;
    }

    /**
     * @param longest {@code eventStream.retention.age}
     * @param most {@code eventStream.retention.events}
     * @throws IllegalArgumentException if the pattern is not a possible name, the rule has neither age nor events, or its age is
     *     longer than {@code longest}
     */
    RetentionRule build(Duration longest, long most) {
        if (age == null && events == null) {
            throw new IllegalArgumentException("the rule for \"" + channels + "\" has neither age nor events");
        }
        if (age != null && age.toNanoseconds() > longest.toNanoseconds()) {
            throw new IllegalArgumentException("age is " + age + " and eventStream.retention.age is " + longest
                    + "; age must not be longer. To keep some channels longer than others, raise eventStream.retention.age"
                    + " and end the rules with one for \"*\"");
        }
        return new RetentionRule(
                new ChannelPattern(channels),
                (age == null ? longest : age).toJavaDuration(),
                events == null ? most : events);
    }
}
