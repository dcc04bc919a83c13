package dev.eventstream.example;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.Configuration;
import io.dropwizard.db.DataSourceFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code config.yml} of the example service. */
public final class ExampleConfiguration extends Configuration {
    @Valid
    @NotNull
    private EventStreamFactory eventStream = new EventStreamFactory();

    @Valid
    @NotNull
    private DataSourceFactory database = new DataSourceFactory();

    @NotNull
    private Map<@NotEmpty String, @NotEmpty String> users = Map.of();

    private @Nullable String restartFile;

    @JsonProperty
    public EventStreamFactory getEventStream() {
        return eventStream;
    }

    @JsonProperty
    public void setEventStream(EventStreamFactory eventStream) {
        this.eventStream = eventStream;
    }

    @JsonProperty
    public DataSourceFactory getDatabase() {
        return database;
    }

    @JsonProperty
    public void setDatabase(DataSourceFactory database) {
        this.database = database;
    }

    /** Passwords by user name, in plain text, which only an example may use. */
    @JsonProperty
    public Map<String, String> getUsers() {
        return users;
    }

    @JsonProperty
    public void setUsers(Map<String, String> users) {
        this.users = users;
    }

    /** The file by which {@code ./run} is asked to kill the service and start it again. Default: none, so nobody can ask. */
    @JsonProperty
    public @Nullable String getRestartFile() {
        return restartFile;
    }

    @JsonProperty
    public void setRestartFile(@Nullable String restartFile) {
        this.restartFile = restartFile;
    }
}
