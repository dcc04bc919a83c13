package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.control.LaneLimits;
import dev.eventstream.control.http.HttpTransport;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.OneOf;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A GRIP proxy, such as Pushpin or Fastly Fanout; {@code eventStream.grip.proxies[]}.
 *
 * <p>Its HTTP control port is set either by {@code url}, a {@code GRIP_URL}, or by {@code controlUri}, {@code controlIss} and
 * {@code controlKey}. {@code verifyKey} and {@code verifyIss} set how its requests are recognised, unless the URL contains
 * them. The fields below set the defaults and bounds; docs/CONFIGURATION.md explains each key.
 */
public final class ProxyFactory {
    static final String HTTP = "http";
    static final String ZMQ_PUSH = "zmq-push";
    static final String ZMQ_PUB = "zmq-pub";

    @JsonProperty
    private @Nullable String name;

    @JsonProperty
    private @Nullable String url;

    @JsonProperty
    private @Nullable String controlUri;

    @JsonProperty
    private @Nullable String controlIss;

    @JsonProperty
    private @Nullable String controlKey;

    @JsonProperty
    private @Nullable String verifyKey;

    @JsonProperty
    private @Nullable String verifyIss;

    @JsonProperty
    private boolean trustUnsigned;

    @NotNull
    @OneOf(
            value = {HTTP, ZMQ_PUSH, ZMQ_PUB},
            message = "is ${validatedValue}; allowed are http, zmq-push and zmq-pub")
    @JsonProperty
    private String transport = HTTP;

    @JsonProperty
    private @Nullable String pushUri;

    @JsonProperty
    private @Nullable String pubUri;

    @JsonProperty
    private @Nullable String commandUri;

    @JsonProperty
    private @Nullable String statsUri;

    // Pushpin up to 1.40 restarts the timer that delivers with every publish (its src/handler/ratelimiter.cpp)
    @NotNull
    @MinDuration(value = 0, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 0ms to 1s")
    @MaxDuration(value = 1, unit = TimeUnit.SECONDS, message = "is ${validatedValue}; allowed is 0ms to 1s")
    @JsonProperty
    private Duration minInterval = Duration.milliseconds(LaneLimits.DEFAULT_MIN_INTERVAL.toMillis());

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 5000")
    @Max(value = 5_000, message = "is ${validatedValue}; allowed is 1 to 5000")
    @JsonProperty
    private int maxBatchItems = LaneLimits.DEFAULT_BATCH_ITEMS;

    // Pushpin refuses a body of more than 1,000,000 bytes
    @Min(value = 10_000, message = "is ${validatedValue}; allowed is 10000 to 950000")
    @Max(value = 950_000, message = "is ${validatedValue}; allowed is 10000 to 950000")
    @JsonProperty
    private int maxBatchBytes = LaneLimits.DEFAULT_BATCH_BYTES;

    @Min(value = 1, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @Max(value = 1_000_000, message = "is ${validatedValue}; allowed is 1 to 1000000")
    @JsonProperty
    private int maxQueuedEvents = LaneLimits.DEFAULT_QUEUED_EVENTS;

    @Min(value = 1_000_000, message = "is ${validatedValue}; allowed is 1000000 to 1073741824")
    @Max(value = 1 << 30, message = "is ${validatedValue}; allowed is 1000000 to 1073741824")
    @JsonProperty
    private int maxQueuedBytes = LaneLimits.DEFAULT_QUEUED_BYTES;

    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 1m")
    @MaxDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 100ms to 1m")
    @JsonProperty
    private Duration connectTimeout = Duration.seconds(HttpTransport.DEFAULT_CONNECT_TIMEOUT.toSeconds());

    @NotNull
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS, message = "is ${validatedValue}; allowed is 100ms to 1m")
    @MaxDuration(value = 1, unit = TimeUnit.MINUTES, message = "is ${validatedValue}; allowed is 100ms to 1m")
    @JsonProperty
    private Duration requestTimeout = Duration.seconds(HttpTransport.DEFAULT_REQUEST_TIMEOUT.toSeconds());

    @Valid
    @JsonProperty
    private @Nullable DeliveryCheckFactory deliveryCheck;

    public @Nullable String getName() {
        return name;
    }

    public void setName(@Nullable String name) {
        this.name = name;
    }

    public @Nullable String getUrl() {
        return url;
    }

    public void setUrl(@Nullable String url) {
        this.url = url;
    }

    public @Nullable String getControlUri() {
        return controlUri;
    }

    public void setControlUri(@Nullable String controlUri) {
        this.controlUri = controlUri;
    }

    public @Nullable String getControlIss() {
        return controlIss;
    }

    public void setControlIss(@Nullable String controlIss) {
        this.controlIss = controlIss;
    }

    public @Nullable String getControlKey() {
        return controlKey;
    }

    public void setControlKey(@Nullable String controlKey) {
        this.controlKey = controlKey;
    }

    public @Nullable String getVerifyKey() {
        return verifyKey;
    }

    public void setVerifyKey(@Nullable String verifyKey) {
        this.verifyKey = verifyKey;
    }

    public @Nullable String getVerifyIss() {
        return verifyIss;
    }

    public void setVerifyIss(@Nullable String verifyIss) {
        this.verifyIss = verifyIss;
    }

    public void setTrustUnsigned(boolean trustUnsigned) {
        this.trustUnsigned = trustUnsigned;
    }

    public boolean isTrustUnsigned() {
        return trustUnsigned;
    }

    public String getTransport() {
        return transport;
    }

    public void setTransport(String transport) {
        this.transport = transport;
    }

    public @Nullable String getPushUri() {
        return pushUri;
    }

    public void setPushUri(@Nullable String pushUri) {
        this.pushUri = pushUri;
    }

    public @Nullable String getPubUri() {
        return pubUri;
    }

    public void setPubUri(@Nullable String pubUri) {
        this.pubUri = pubUri;
    }

    public @Nullable String getCommandUri() {
        return commandUri;
    }

    public void setCommandUri(@Nullable String commandUri) {
        this.commandUri = commandUri;
    }

    public @Nullable String getStatsUri() {
        return statsUri;
    }

    public void setStatsUri(@Nullable String statsUri) {
        this.statsUri = statsUri;
    }

    public Duration getMinInterval() {
        return minInterval;
    }

    public void setMinInterval(Duration minInterval) {
        this.minInterval = minInterval;
    }

    public int getMaxBatchItems() {
        return maxBatchItems;
    }

    public void setMaxBatchItems(int maxBatchItems) {
        this.maxBatchItems = maxBatchItems;
    }

    public int getMaxBatchBytes() {
        return maxBatchBytes;
    }

    public void setMaxBatchBytes(int maxBatchBytes) {
        this.maxBatchBytes = maxBatchBytes;
    }

    public int getMaxQueuedEvents() {
        return maxQueuedEvents;
    }

    public void setMaxQueuedEvents(int maxQueuedEvents) {
        this.maxQueuedEvents = maxQueuedEvents;
    }

    public int getMaxQueuedBytes() {
        return maxQueuedBytes;
    }

    public void setMaxQueuedBytes(int maxQueuedBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
    }

    public Duration getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public Duration getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(Duration requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public Optional<DeliveryCheckFactory> deliveryCheck() {
        return Optional.ofNullable(deliveryCheck);
    }

    public void setDeliveryCheck(@Nullable DeliveryCheckFactory deliveryCheck) {
        this.deliveryCheck = deliveryCheck;
    }
}
