package dev.eventstream.benchmarks.embedded;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.Configuration;
import io.dropwizard.db.DataSourceFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** An application's configuration: its database and the bundle. */
public final class EmbeddedConfiguration extends Configuration {
    @Valid
    @NotNull
    @JsonProperty
    private DataSourceFactory database = new DataSourceFactory();

    @Valid
    @NotNull
    @JsonProperty
    private EventStreamFactory eventStream = new EventStreamFactory();

    public DataSourceFactory getDatabase() {
        return database;
    }

    public EventStreamFactory getEventStream() {
        return eventStream;
    }
}
