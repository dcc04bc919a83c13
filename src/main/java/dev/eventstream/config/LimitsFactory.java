package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * What clients and senders may use at most; {@code eventStream.limits}.
 *
 * <ul>
 *   <li>{@code channelsPerStream}: channels of one stream; 1 to 255, default 10.
 *   <li>{@code streams}: streams open on this node; 1 to 1,000,000, default 10,000. Further clients get 503.
 *   <li>{@code dataCharacters}: the longest data of an event, in UTF-16 code units; 1 to 16,777,216, default 1,048,576, which
 *       is the most that H2 stores.
 * </ul>
 */
public final class LimitsFactory {
    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 255")
    @Max(value = 255, message = "is ${validatedValue}; allowed is 1 to 255")
    @JsonProperty
    private int channelsPerStream = 10;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int streams = 10_000;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 16777216")
    @Max(value = 16_777_216, message = "is ${validatedValue}; allowed is 1 to 16777216")
    @JsonProperty
    private int dataCharacters = 1 << 20;

    public int getChannelsPerStream() {
        return channelsPerStream;
    }

    public void setChannelsPerStream(int channelsPerStream) {
        this.channelsPerStream = channelsPerStream;
    }

    public int getStreams() {
        return streams;
    }

    public void setStreams(int streams) {
        this.streams = streams;
    }

    public int getDataCharacters() {
        return dataCharacters;
    }

    public void setDataCharacters(int dataCharacters) {
        this.dataCharacters = dataCharacters;
    }
}
