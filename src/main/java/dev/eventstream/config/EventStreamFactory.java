package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.http.StreamSettings;
import dev.eventstream.retention.RetentionRule;
import dev.eventstream.retention.RetentionRules;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.ConstraintViolations;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The {@code eventStream} block of an application's configuration file. Every key has a default, but for the authorizer,
 * which stands either here or in the bundle's builder. The defaults stand on the fields below, the meaning of each key in
 * docs/CONFIGURATION.md.
 */
public final class EventStreamFactory {
    private static final String KEY = "eventStream.";

    @JsonProperty
    private @Nullable String authorizer;

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 1h")
    @MaxDuration(value = 1, unit = TimeUnit.HOURS, message = "is ${validatedValue}; allowed is 1s to 1h")
    @JsonProperty
    private Duration keepAlive = Duration.seconds(20);

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 1h")
    @MaxDuration(value = 1, unit = TimeUnit.HOURS, message = "is ${validatedValue}; allowed is 1s to 1h")
    @JsonProperty
    private Duration stallTimeout = Duration.seconds(30);

    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 1h")
    @MaxDuration(value = 1, unit = TimeUnit.HOURS, message = "is ${validatedValue}; allowed is 100ms to 1h")
    @JsonProperty
    private Duration retryMin = Duration.seconds(2);

    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 1h")
    @MaxDuration(value = 1, unit = TimeUnit.HOURS, message = "is ${validatedValue}; allowed is 100ms to 1h")
    @JsonProperty
    private Duration retryMax = Duration.seconds(6);

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 255")
    @Max(value = 255, message = "is ${validatedValue}; allowed is 1 to 255")
    @JsonProperty
    private int maxChannels = 10;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int maxStreams = 10_000;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 16777216")
    @Max(value = 16 << 20, message = "is ${validatedValue}; allowed is 1 to 16777216")
    @JsonProperty
    private int maxDataCharacters = 1 << 20;

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 1m to 3650d")
    @MaxDuration(value = 3650, unit = TimeUnit.DAYS, message = "is ${validatedValue}; allowed is 1m to 3650d")
    @JsonProperty
    private Duration retention = Duration.hours(24);

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000000")
    @Max(value = 1_000_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000000")
    @JsonProperty
    private @Nullable Integer retentionEvents;

    @Valid
    @NotNull
    @JsonProperty
    private List<@NotNull RetentionRuleFactory> retentionRules = List.of();

    @NotNull
    @MinDuration(value = 50, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 50ms to 1m")
    @MaxDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 50ms to 1m")
    @JsonProperty
    private Duration poll = Duration.seconds(1);

    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 1m")
    @MaxDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 100ms to 1m")
    @JsonProperty
    private Duration sweep = Duration.seconds(1);

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 64")
    @Max(value = 64, message = "is ${validatedValue}; allowed is 1 to 64")
    @JsonProperty
    private int catchUpThreads = 4;

    @MinDataSize(value = 1, unit = DataSizeUnit.MEGABYTES, message = "is ${validatedValue}; allowed is 1MB to 1TB")
    @MaxDataSize(value = 1, unit = DataSizeUnit.TERABYTES, message = "is ${validatedValue}; allowed is 1MB to 1TB")
    @JsonProperty
    private @Nullable DataSize memory;

    @NotNull
    @JsonProperty
    private List<@NotNull String> unstored = List.of();

    @Valid
    @NotEmpty
    @JsonProperty
    private List<@NotNull RouteFactory> routes = List.of(new RouteFactory());

    @Valid
    @NotNull
    @JsonProperty
    private AuthFactory auth = new AuthFactory();

    @Valid
    @JsonProperty
    private @Nullable CrossOriginFactory cors;

    @Valid
    @JsonProperty
    private @Nullable PublishFactory publish;

    @Valid
    @JsonProperty
    private @Nullable GripFactory grip;

    @JsonProperty
    private @Nullable String clientScript;

    public @Nullable String getAuthorizer() {
        return authorizer;
    }

    public void setAuthorizer(@Nullable String authorizer) {
        this.authorizer = authorizer;
    }

    public Duration getKeepAlive() {
        return keepAlive;
    }

    public void setKeepAlive(Duration keepAlive) {
        this.keepAlive = keepAlive;
    }

    public Duration getStallTimeout() {
        return stallTimeout;
    }

    public void setStallTimeout(Duration stallTimeout) {
        this.stallTimeout = stallTimeout;
    }

    public Duration getRetryMin() {
        return retryMin;
    }

    public void setRetryMin(Duration retryMin) {
        this.retryMin = retryMin;
    }

    public Duration getRetryMax() {
        return retryMax;
    }

    public void setRetryMax(Duration retryMax) {
        this.retryMax = retryMax;
    }

    public int getMaxChannels() {
        return maxChannels;
    }

    public void setMaxChannels(int maxChannels) {
        this.maxChannels = maxChannels;
    }

    public int getMaxStreams() {
        return maxStreams;
    }

    public void setMaxStreams(int maxStreams) {
        this.maxStreams = maxStreams;
    }

    public int getMaxDataCharacters() {
        return maxDataCharacters;
    }

    public void setMaxDataCharacters(int maxDataCharacters) {
        this.maxDataCharacters = maxDataCharacters;
    }

    public Duration getRetention() {
        return retention;
    }

    public void setRetention(Duration retention) {
        this.retention = retention;
    }

    public @Nullable Integer getRetentionEvents() {
        return retentionEvents;
    }

    public void setRetentionEvents(@Nullable Integer retentionEvents) {
        this.retentionEvents = retentionEvents;
    }

    public List<RetentionRuleFactory> getRetentionRules() {
        return retentionRules;
    }

    public void setRetentionRules(List<RetentionRuleFactory> retentionRules) {
        this.retentionRules = retentionRules;
    }

    public Duration getPoll() {
        return poll;
    }

    public void setPoll(Duration poll) {
        this.poll = poll;
    }

    public Duration getSweep() {
        return sweep;
    }

    public void setSweep(Duration sweep) {
        this.sweep = sweep;
    }

    public int getCatchUpThreads() {
        return catchUpThreads;
    }

    public void setCatchUpThreads(int catchUpThreads) {
        this.catchUpThreads = catchUpThreads;
    }

    public @Nullable DataSize getMemory() {
        return memory;
    }

    public void setMemory(@Nullable DataSize memory) {
        this.memory = memory;
    }

    /** What all waiting bytes may use; a tenth of the largest heap if it is not set. */
    public long memoryBytes() {
        return memory == null ? Runtime.getRuntime().maxMemory() / 10 : memory.toBytes();
    }

    public List<String> getUnstored() {
        return unstored;
    }

    public void setUnstored(List<String> unstored) {
        this.unstored = unstored;
    }

    public List<RouteFactory> getRoutes() {
        return routes;
    }

    public void setRoutes(List<RouteFactory> routes) {
        this.routes = routes;
    }

    public AuthFactory getAuth() {
        return auth;
    }

    public void setAuth(AuthFactory auth) {
        this.auth = auth;
    }

    public Optional<CrossOriginFactory> cors() {
        return Optional.ofNullable(cors);
    }

    public void setCors(@Nullable CrossOriginFactory cors) {
        this.cors = cors;
    }

    public Optional<PublishFactory> publish() {
        return Optional.ofNullable(publish);
    }

    public void setPublish(@Nullable PublishFactory publish) {
        this.publish = publish;
    }

    public Optional<GripFactory> grip() {
        return Optional.ofNullable(grip);
    }

    public void setGrip(@Nullable GripFactory grip) {
        this.grip = grip;
    }

    /** Where the browser client is served, if it is. */
    public Optional<String> clientScript() {
        return Optional.ofNullable(clientScript);
    }

    public void setClientScript(@Nullable String clientScript) {
        this.clientScript = clientScript;
    }

    /**
     * Checks every value on its own, for an application may have forgotten {@code @Valid} on its field, and the proxies.
     *
     * @throws IllegalArgumentException with every key that has a value that is not allowed
     */
    public void check(Validator validator) {
        List<String> errors = ConstraintViolations.format(validator.validate(this)).stream()
                .map(error -> error.startsWith(KEY) ? error : KEY + error)
                .toList();
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", errors));
        }
        grip().ifPresent(block -> block.buildProxies(Clock.systemUTC()));
    }

    /**
     * The authorizer that is named here.
     *
     * @throws IllegalArgumentException if the class is not there, is no authorizer, or cannot be made
     */
    public Optional<ChannelAuthorizer> buildAuthorizer() {
        return Optional.ofNullable(authorizer).map(EventStreamFactory::makeAuthorizer);
    }

    private static ChannelAuthorizer makeAuthorizer(String name) {
        try {
            return Class.forName(name)
                    .asSubclass(ChannelAuthorizer.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "eventStream.authorizer: \"" + name + "\" must be a public class on the class path that implements "
                            + ChannelAuthorizer.class.getName() + " and has a public constructor without parameters",
                    e);
        }
    }

    /**
     * Which channels are stored.
     *
     * @throws IllegalArgumentException if a pattern is not allowed
     */
    public StoredChannels buildStoredChannels() {
        return new StoredChannels(each("unstored", unstored, ChannelPattern::new));
    }

    /**
     * How much is kept of which channel.
     *
     * @throws IllegalArgumentException if a rule is not allowed
     */
    public RetentionRules buildRetentionRules() {
        long most = retentionEvents == null ? Long.MAX_VALUE : retentionEvents;
        List<RetentionRule> rules =
                new ArrayList<>(each("retentionRules", retentionRules, rule -> rule.build(retention, most)));
        if (retentionEvents != null) {
            rules.add(new RetentionRule(new ChannelPattern("*"), retention.toJavaDuration(), most));
        }
        return new RetentionRules(retention.toJavaDuration(), rules);
    }

    /**
     * The routes.
     *
     * @throws IllegalArgumentException if one is not allowed
     */
    public List<StreamRoute> buildRoutes() {
        return each("routes", routes, RouteFactory::build);
    }

    /**
     * What clients of streams are told and allowed.
     *
     * @throws IllegalArgumentException if the shortest retry is longer than the longest
     */
    public StreamSettings buildSettings() {
        if (retryMin.toNanoseconds() > retryMax.toNanoseconds()) {
            throw new IllegalArgumentException("eventStream.retryMin is " + retryMin + " and eventStream.retryMax is "
                    + retryMax + "; retryMin must not be longer");
        }
        return new StreamSettings(
                keepAlive.toJavaDuration(),
                retryMin.toJavaDuration(),
                retryMax.toJavaDuration(),
                maxChannels,
                maxStreams);
    }

    private static <A, B> List<B> each(String key, List<A> values, Function<A, B> build) {
        List<B> built = new ArrayList<>();
        for (A value : values) {
            try {
                built.add(build.apply(value));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "eventStream." + key + "[" + built.size() + "]: " + e.getMessage(), e);
            }
        }
        return List.copyOf(built);
    }
}
