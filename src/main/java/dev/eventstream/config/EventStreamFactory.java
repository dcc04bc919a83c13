package dev.eventstream.config;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.PlainText;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.http.CrossSiteCheck;
import dev.eventstream.http.StreamRoute;
import dev.eventstream.http.StreamSettings;
import dev.eventstream.otel.OpenTelemetryTracing;
import dev.eventstream.publisher.EventTracing;
import dev.eventstream.publisher.SendSettings;
import dev.eventstream.subscriber.StreamTerms;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The {@code eventStream} block of an application's configuration file: the class of the field that the application's
 * configuration needs, initialised with {@code new EventStreamFactory()}.
 *
 * <p>Every key has a default except the authorizer, which is named either here or in the bundle's builder. The fields below
 * set the defaults and bounds; docs/CONFIGURATION.md explains each key.
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
    @MinDuration(value = 0, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 0s to 5m")
    @MaxDuration(value = 5, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 0s to 5m")
    @JsonProperty
    private Duration drain = Duration.seconds(5);

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 1d")
    @MaxDuration(value = 1, unit = TimeUnit.DAYS, message = "is ${validatedValue}; allowed is 1s to 1d")
    @JsonProperty
    private Duration recheck = Duration.minutes(5);

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 30d")
    @MaxDuration(value = 30, unit = TimeUnit.DAYS, message = "is ${validatedValue}; allowed is 1s to 30d")
    @JsonProperty
    private Duration maxStreamAge = Duration.hours(1);

    @Valid
    @NotNull
    @JsonProperty
    private RetryFactory retry = new RetryFactory();

    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 5m")
    @MaxDuration(value = 5, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 100ms to 5m")
    @JsonProperty
    private Duration sendTimeout = Duration.seconds(10);

    @MinDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 1s to 1m")
    @MaxDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 1s to 1m")
    @JsonProperty
    private @Nullable Duration deliveryCheckTimeout;

    @JsonProperty
    private boolean tracing;

    @Valid
    @NotNull
    @JsonProperty
    private LimitsFactory limits = new LimitsFactory();

    @Valid
    @NotNull
    @JsonProperty
    private ClientAddressFactory clientAddress = new ClientAddressFactory();

    @Valid
    @NotNull
    @JsonProperty
    private RetentionFactory retention = new RetentionFactory();

    @MinDuration(value = 50, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 50ms to 1m")
    @MaxDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 50ms to 1m")
    @JsonProperty
    private @Nullable Duration pollInterval;

    @Valid
    @NotNull
    @JsonProperty
    private BusFactory bus = new DatabaseBusFactory();

    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 1m")
    @MaxDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 100ms to 1m")
    @JsonProperty
    private Duration sweepInterval = Duration.seconds(1);

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

    @NotNull
    @JsonProperty
    private List<@NotNull String> latest = List.of();

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

    @Valid
    @JsonProperty
    private @Nullable PresenceFactory presence;

    @JsonProperty
    private @Nullable String clientScript;

    @JsonProperty
    private boolean adminActions;

    @JsonProperty
    private boolean inspector;

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

    public Duration getDrain() {
        return drain;
    }

    public void setDrain(Duration drain) {
        this.drain = drain;
    }

    public Duration getRecheck() {
        return recheck;
    }

    public void setRecheck(Duration recheck) {
        this.recheck = recheck;
    }

    public Duration getMaxStreamAge() {
        return maxStreamAge;
    }

    public void setMaxStreamAge(Duration maxStreamAge) {
        this.maxStreamAge = maxStreamAge;
    }

    public RetryFactory getRetry() {
        return retry;
    }

    public void setRetry(RetryFactory retry) {
        this.retry = retry;
    }

    public LimitsFactory getLimits() {
        return limits;
    }

    public void setLimits(LimitsFactory limits) {
        this.limits = limits;
    }

    public ClientAddressFactory getClientAddress() {
        return clientAddress;
    }

    public void setClientAddress(ClientAddressFactory clientAddress) {
        this.clientAddress = clientAddress;
    }

    public Duration getSendTimeout() {
        return sendTimeout;
    }

    public void setSendTimeout(Duration sendTimeout) {
        this.sendTimeout = sendTimeout;
    }

    public @Nullable Duration getDeliveryCheckTimeout() {
        return deliveryCheckTimeout;
    }

    public void setDeliveryCheckTimeout(@Nullable Duration deliveryCheckTimeout) {
        this.deliveryCheckTimeout = deliveryCheckTimeout;
    }

    /** How long an event of the health check may take; empty if there is no such check. */
    public Optional<java.time.Duration> deliveryCheckTimeout() {
        return Optional.ofNullable(deliveryCheckTimeout).map(Duration::toJavaDuration);
    }

    public boolean isTracing() {
        return tracing;
    }

    public void setTracing(boolean tracing) {
        this.tracing = tracing;
    }

    public RetentionFactory getRetention() {
        return retention;
    }

    public void setRetention(RetentionFactory retention) {
        this.retention = retention;
    }

    /** How often to read from the log what other nodes sent. If it is not set, this is the default of the bus. */
    public Duration getPollInterval() {
        return pollInterval == null ? bus.defaultPollInterval() : pollInterval;
    }

    public void setPollInterval(@Nullable Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    public BusFactory getBus() {
        return bus;
    }

    public void setBus(BusFactory bus) {
        this.bus = bus;
    }

    public Duration getSweepInterval() {
        return sweepInterval;
    }

    public void setSweepInterval(Duration sweepInterval) {
        this.sweepInterval = sweepInterval;
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

    public List<String> getLatest() {
        return latest;
    }

    public void setLatest(List<String> latest) {
        this.latest = latest;
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

    /** Makes the check that refuses requests with credentials from pages of other origins. */
    public CrossSiteCheck buildCrossSiteCheck(MetricRegistry registry) {
        return cors == null ? new CrossSiteCheck(Set.of(), false, registry) : cors.buildCheck(registry);
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

    public Optional<PresenceFactory> presence() {
        return Optional.ofNullable(presence);
    }

    public void setPresence(@Nullable PresenceFactory presence) {
        this.presence = presence;
    }

    /** The path at which the browser client is served; empty if it is not. */
    public Optional<String> clientScript() {
        return Optional.ofNullable(clientScript);
    }

    public void setClientScript(@Nullable String clientScript) {
        this.clientScript = clientScript;
    }

    /** Whether everybody who reaches the admin port may disconnect readers, remove events and drain the node. */
    public boolean isAdminActions() {
        return adminActions;
    }

    public void setAdminActions(boolean adminActions) {
        this.adminActions = adminActions;
    }

    /** Whether a browser that opens the address of a stream gets the inspector. */
    public boolean isInspector() {
        return inspector;
    }

    public void setInspector(boolean inspector) {
        this.inspector = inspector;
    }

    /**
     * Checks every value, in case the application's field has no {@code @Valid}, the addresses of trusted
     * proxies, and the GRIP proxies.
     *
     * @throws IllegalArgumentException with every key whose value is not allowed
     */
    public void check(Validator validator) {
        List<String> errors = ConstraintViolations.format(validator.validate(this)).stream()
                .map(error -> error.startsWith(KEY) ? error : KEY + error)
                .toList();
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", errors));
        }
        clientAddress.build();
        grip().ifPresent(block -> block.buildProxies(Clock.systemUTC()));
    }

    /**
     * Makes the authorizer named by {@code authorizer}; empty if the key is left out.
     *
     * @throws IllegalArgumentException if the class does not exist, is not an authorizer, or cannot be instantiated
     */
    public Optional<ChannelAuthorizer> buildAuthorizer() {
        return Optional.ofNullable(authorizer).map(NamedAuthorizer::make);
    }

    /**
     * Makes the rule for which channels are stored, and which of them are latest.
     *
     * @throws IllegalArgumentException if a pattern is not allowed, or is in both {@code unstored} and {@code latest}
     */
    public StoredChannels buildStoredChannels() {
        latest.stream().filter(unstored::contains).findFirst().ifPresent(pattern -> {
            throw new IllegalArgumentException(
                    "eventStream.latest contains " + PlainText.quote(pattern)
                            + ", and so does eventStream.unstored; a latest channel is stored, so a pattern is allowed in one of them");
        });
        List<ChannelPattern> patterns = new ArrayList<>(Entries.build("unstored", unstored, ChannelPattern::new));
        if (presence != null && presence.isEvents()) {
            patterns.add(new ChannelPattern(PresenceChannels.EVENTS_PREFIX + '*'));
        }
        return new StoredChannels(patterns, Entries.build("latest", latest, ChannelPattern::new));
    }

    /**
     * Makes the rule for which channels have presence; none if it is off.
     *
     * @throws IllegalArgumentException if a pattern is not allowed
     */
    public PresenceChannels buildPresenceChannels() {
        return presence == null ? PresenceChannels.NONE : presence.build();
    }

    /**
     * Digests, by YAML key, of the settings that must be the same on all nodes. A digest reveals no secret.
     *
     * @param routes the routes of this node, which the builder may have replaced
     * @throws IllegalArgumentException if a rule of {@code retention} is not allowed
     */
    public Map<String, String> digestSettings(List<StreamRoute> routes) {
        return SettingDigests.of(
                unstored,
                latest,
                buildPresenceChannels(),
                retention.build(),
                routes.stream().anyMatch(StreamRoute::mayFilterTypes),
                grip().map(GripFactory::getLinkSecrets).orElse(List.of()));
    }

    /**
     * Makes the terms on which streams stay open.
     *
     * @param clock tells when credentials have expired
     */
    public StreamTerms buildStreamTerms(Clock clock) {
        return new StreamTerms(recheck.toJavaDuration(), maxStreamAge.toJavaDuration(), clock);
    }

    /**
     * Builds what follows events with OpenTelemetry; it follows nothing if tracing is off.
     *
     * @throws IllegalArgumentException if tracing is on, and the library is missing
     */
    public EventTracing buildTracing(Clock clock) {
        if (!tracing) {
            return EventTracing.OFF;
        }
        Library.require(
                "io.opentelemetry.api.GlobalOpenTelemetry",
                "eventStream.tracing",
                "io.opentelemetry:opentelemetry-api");
        return OpenTelemetryTracing.global(clock, Ticker.systemTicker());
    }

    /** Makes the limits of senders. */
    public SendSettings buildSendSettings() {
        return new SendSettings(limits.getDataCharacters(), sendTimeout.toJavaDuration());
    }

    /**
     * Makes the routes.
     *
     * @throws IllegalArgumentException if a route is not allowed
     */
    public List<StreamRoute> buildRoutes() {
        return Entries.build("routes", routes, RouteFactory::build);
    }

    /**
     * Collects the settings of a stream's first answer.
     *
     * @throws IllegalArgumentException if {@code retry.min} is longer than {@code retry.max}
     */
    public StreamSettings buildSettings() {
        retry.check();
        return new StreamSettings(
                keepAlive.toJavaDuration(),
                retry.getMin().toJavaDuration(),
                retry.getMax().toJavaDuration(),
                limits.getChannelsPerStream(),
                limits.getMaxCatchUp());
    }
}
