package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.PresenceChannels;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts the readers of channels; {@code eventStream.presence}. Without this block, none are counted.
 *
 * <ul>
 *   <li>{@code channels}: patterns of the channels whose readers are counted; at least one.
 *   <li>{@code path}: the address at which clients ask who is reading a channel; default {@code /events/presence}.
 *   <li>{@code events}: whether the joins and leaves of each channel are sent to another one, whose name is {@code presence:} and the
 *       channel's name; default false.
 *   <li>{@code debounce}: how long a user must be there or away before a join or leave is sent; 1 second to 5 minutes, default 8
 *       seconds. That is longer than the default of {@code eventStream.retry.max}, so a lost connection causes neither.
 * </ul>
 */
public final class PresenceFactory {
    @NotEmpty
    @JsonProperty
    private List<@NotNull String> channels = List.of();

    @NotNull
    @JsonProperty
    private String path = "/events/presence";

    @JsonProperty
    private boolean events;

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 5m")
    @MaxDuration(value = 5, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 1s to 5m")
    @JsonProperty
    private Duration debounce = Duration.seconds(8);

    public List<String> getChannels() {
        return channels;
    }

    public void setChannels(List<String> channels) {
        this.channels = channels;
    }

    public String getPath() {
        return path;
    }

    public void setPath(String path) {
        this.path = path;
    }

    public boolean isEvents() {
        return events;
    }

    public void setEvents(boolean events) {
        this.events = events;
    }

    public Duration getDebounce() {
        return debounce;
    }

    public void setDebounce(Duration debounce) {
        this.debounce = debounce;
    }

    /**
     * Makes the rule for which channels have presence.
     *
     * @throws IllegalArgumentException if a pattern is not allowed
     */
    PresenceChannels build() {
        return new PresenceChannels(Entries.build("presence.channels", channels, ChannelPattern::new), events);
    }
}
