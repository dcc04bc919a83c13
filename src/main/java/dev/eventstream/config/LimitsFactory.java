package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.hold.StartQueue;
import dev.eventstream.limit.Rates;
import dev.eventstream.limit.StreamLimits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Limits the use by clients and senders; {@code eventStream.limits}. All limits apply to one node. A stream beyond one of them is
 * refused, and its client comes back. Streams that are open stay open.
 *
 * <ul>
 *   <li>{@code channelsPerStream}: channels of one stream; 1 to 255, default 10.
 *   <li>{@code streams}: open direct streams and sets of channels of proxied streams, together; 1 to 1,000,000, default 10,000.
 *   <li>{@code streamsPerPrincipal}: those of one principal; default 100.
 *   <li>{@code streamsPerAddress}: open direct streams of one client address; default 1,000.
 *   <li>{@code channelSetsPerAddress}: distinct sets of channels of the anonymous streams of one address; default 100.
 *   <li>{@code newStreamsPerSecond}: streams that may open; default 1,000. Unused allowance accumulates for ten seconds.
 *   <li>{@code newStreamsPerSecondPerAddress}: those from one address; default 100.
 *   <li>{@code startsAtOnce}: requests for streams that are handled at the same time; 1 to 10,000, default 32. Up to
 *       {@code streams} more wait in line, for ten seconds at most, without occupying threads.
 *   <li>{@code maxCatchUp}: the most events of each channel that a new reader gets, whatever its route's {@code start} allows;
 *       1 to 1,000,000, default 10,000. Clients that return with a position get everything that they missed.
 *   <li>{@code feeds}: channels that this node follows; default 50,000.
 *   <li>{@code anonymousLinks}: next links of all anonymous readers; by default, half of what a proxy can fetch in time.
 *   <li>{@code publishEventsPerSecond}: events that a publish token may send; default 10,000. Unused allowance accumulates for ten
 *       seconds.
 *   <li>{@code publishBytesPerSecond}: bytes that it may post; default 16 MiB.
 *   <li>{@code dataCharacters}: the longest data of an event, in UTF-16 code units; 1 to 16,777,216, default 1,048,576, which
 *       is the most that H2 stores.
 * </ul>
 */
public final class LimitsFactory {
    /** Many clients give up after half a minute without an answer. */
    private static final Duration LONGEST_START_WAIT = Duration.ofSeconds(10);

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 255")
    @Max(value = 255, message = "is ${validatedValue}; allowed is 1 to 255")
    @JsonProperty
    private int channelsPerStream = 10;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int streams = 10_000;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int streamsPerPrincipal = 100;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int streamsPerAddress = 1_000;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int channelSetsPerAddress = 100;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int newStreamsPerSecond = 1_000;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int newStreamsPerSecondPerAddress = 100;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 10000")
    @Max(value = 10_000, message = "is ${validatedValue}; allowed is 1 to 10000")
    @JsonProperty
    private int startsAtOnce = 32;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int maxCatchUp = 10_000;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 10000000")
    @Max(value = 10_000_000, message = "is ${validatedValue}; allowed is 1 to 10000000")
    @JsonProperty
    private int feeds = 50_000;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private @Nullable Integer anonymousLinks;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 16777216")
    @Max(value = 16_777_216, message = "is ${validatedValue}; allowed is 1 to 16777216")
    @JsonProperty
    private int dataCharacters = 1 << 20;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int publishEventsPerSecond = 10_000;

    @Min(value = 100, message = "is ${validatedValue}; allowed is 100 to 1073741824")
    @Max(value = 1_073_741_824, message = "is ${validatedValue}; allowed is 100 to 1073741824")
    @JsonProperty
    private int publishBytesPerSecond = 16 << 20;

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

    public int getStreamsPerPrincipal() {
        return streamsPerPrincipal;
    }

    public void setStreamsPerPrincipal(int streamsPerPrincipal) {
        this.streamsPerPrincipal = streamsPerPrincipal;
    }

    public int getStreamsPerAddress() {
        return streamsPerAddress;
    }

    public void setStreamsPerAddress(int streamsPerAddress) {
        this.streamsPerAddress = streamsPerAddress;
    }

    public int getChannelSetsPerAddress() {
        return channelSetsPerAddress;
    }

    public void setChannelSetsPerAddress(int channelSetsPerAddress) {
        this.channelSetsPerAddress = channelSetsPerAddress;
    }

    public int getNewStreamsPerSecond() {
        return newStreamsPerSecond;
    }

    public void setNewStreamsPerSecond(int newStreamsPerSecond) {
        this.newStreamsPerSecond = newStreamsPerSecond;
    }

    public int getNewStreamsPerSecondPerAddress() {
        return newStreamsPerSecondPerAddress;
    }

    public void setNewStreamsPerSecondPerAddress(int newStreamsPerSecondPerAddress) {
        this.newStreamsPerSecondPerAddress = newStreamsPerSecondPerAddress;
    }

    public int getStartsAtOnce() {
        return startsAtOnce;
    }

    public void setStartsAtOnce(int startsAtOnce) {
        this.startsAtOnce = startsAtOnce;
    }

    public int getMaxCatchUp() {
        return maxCatchUp;
    }

    public void setMaxCatchUp(int maxCatchUp) {
        this.maxCatchUp = maxCatchUp;
    }

    public int getFeeds() {
        return feeds;
    }

    public void setFeeds(int feeds) {
        this.feeds = feeds;
    }

    public @Nullable Integer getAnonymousLinks() {
        return anonymousLinks;
    }

    public void setAnonymousLinks(@Nullable Integer anonymousLinks) {
        this.anonymousLinks = anonymousLinks;
    }

    public int getDataCharacters() {
        return dataCharacters;
    }

    public void setDataCharacters(int dataCharacters) {
        this.dataCharacters = dataCharacters;
    }

    public int getPublishEventsPerSecond() {
        return publishEventsPerSecond;
    }

    public void setPublishEventsPerSecond(int publishEventsPerSecond) {
        this.publishEventsPerSecond = publishEventsPerSecond;
    }

    public int getPublishBytesPerSecond() {
        return publishBytesPerSecond;
    }

    public void setPublishBytesPerSecond(int publishBytesPerSecond) {
        this.publishBytesPerSecond = publishBytesPerSecond;
    }

    /**
     * Checks that a token can post the longest body with the allowance that it can accumulate.
     *
     * @throws IllegalArgumentException if it cannot
     */
    void checkLongestBody(int bytes) {
        long most = Rates.BURST.toSeconds() * publishBytesPerSecond;
        if (bytes > most) {
            throw new IllegalArgumentException("eventStream.publish.maxBodyBytes is " + bytes
                    + " and eventStream.limits.publishBytesPerSecond is " + publishBytesPerSecond
                    + "; allowed is a body of " + Rates.BURST.toSeconds() + " seconds' bytes at most, which is "
                    + most);
        }
    }

    /**
     * Makes the handler that queues requests for streams.
     *
     * @param isStream whether a path within the application's context is that of a stream
     */
    public StartQueue buildStartQueue(Predicate<String> isStream) {
        return new StartQueue(isStream, new StartQueue.Limits(startsAtOnce, streams, LONGEST_START_WAIT));
    }

    /** Collects the limits of streams. */
    public StreamLimits.Settings build() {
        return new StreamLimits.Settings(
                streams,
                streamsPerPrincipal,
                streamsPerAddress,
                channelSetsPerAddress,
                newStreamsPerSecond,
                newStreamsPerSecondPerAddress,
                feeds);
    }

    /**
     * Collects the limits of next links.
     *
     * @param longest silence after which a proxy fetches a link
     */
    LinkBudget.Shares buildShares(Duration longest) {
        return new LinkBudget.Shares(
                streamsPerPrincipal,
                channelSetsPerAddress,
                anonymousLinks == null ? Math.max(1, LinkBudget.capacity(longest) / 2) : anonymousLinks);
    }
}
