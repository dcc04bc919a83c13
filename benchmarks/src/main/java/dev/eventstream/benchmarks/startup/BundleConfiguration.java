package dev.eventstream.benchmarks.startup;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.config.EventStreamFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** The same with the bundle. */
public final class BundleConfiguration extends EmptyConfiguration {
    @Valid
    @NotNull
    @JsonProperty
    private EventStreamFactory eventStream = new EventStreamFactory();

    EventStreamFactory eventStream() {
        return eventStream;
    }
}
