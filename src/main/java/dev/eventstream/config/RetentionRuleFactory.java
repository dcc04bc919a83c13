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
 * Keeps less of some channels; {@code eventStream.retentionRules[]}.
 *
 * <ul>
 *   <li>{@code channels}: a pattern of their names; required.
 *   <li>{@code age}: how long their events are kept. Left out, as long as {@code eventStream.retention} says.
 *   <li>{@code events}: how many events of each are kept. Left out, as many as {@code eventStream.retentionEvents} says.
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
     * @param longest {@code eventStream.retention}
     * @param most {@code eventStream.retentionEvents}
     * @throws IllegalArgumentException if the pattern is no possible name, the rule says nothing, or its age is longer than
     *     any event is kept
     */
    RetentionRule build(Duration longest, long most) {
        if (age == null && events == null) {
            throw new IllegalArgumentException("the rule for \"" + channels + "\" has neither age nor events");
        }
        if (age != null && age.toNanoseconds() > longest.toNanoseconds()) {
            throw new IllegalArgumentException("age is " + age + " and eventStream.retention is " + longest
                    + "; age must not be longer, for no event is kept longer than that. To keep some channels longer, raise"
                    + " eventStream.retention and end the rules with one for \"*\"");
        }
        return new RetentionRule(
                new ChannelPattern(channels),
                (age == null ? longest : age).toJavaDuration(),
                events == null ? most : events);
    }
}
