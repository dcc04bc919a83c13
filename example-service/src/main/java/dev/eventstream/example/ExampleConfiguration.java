package dev.eventstream.example;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.Configuration;
import io.dropwizard.db.DataSourceFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import java.util.Set;
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

    @NotNull
    private Set<@NotEmpty String> administrators = Set.of();

    @Valid
    private @Nullable Supervision supervision;

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

    /** Users who may enter every private room of the chat, and decide who else may. Default: none, so nobody can. */
    @JsonProperty
    public Set<String> getAdministrators() {
        return administrators;
    }

    @JsonProperty
    public void setAdministrators(Set<String> administrators) {
        this.administrators = administrators;
    }

    /** How {@code ./run}, which has started this node, is reached. Default: not at all, so no page can kill a node. */
    @JsonProperty
    public @Nullable Supervision getSupervision() {
        return supervision;
    }

    @JsonProperty
    public void setSupervision(@Nullable Supervision supervision) {
        this.supervision = supervision;
    }
}
