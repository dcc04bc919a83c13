package dev.eventstream.benchmarks.startup;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.db.DataSourceFactory;
import jakarta.validation.Valid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configuration of an application that may have a database. */
public class EmptyConfiguration extends Configuration {
    @Valid
    @JsonProperty
    private @Nullable DataSourceFactory database;

    final Optional<DataSourceFactory> database() {
        return Optional.ofNullable(database);
    }
}
