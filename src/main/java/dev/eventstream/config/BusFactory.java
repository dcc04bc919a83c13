package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.eventstream.bus.Bus;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Discoverable;
import io.dropwizard.util.Duration;
import java.util.Optional;

/**
 * The {@code bus} block: how the nodes of the application notify one another. Its {@code type} selects the class.
 *
 * <p>To add an engine, write a class that implements this interface and has a {@code @JsonTypeName}, and list it in your
 * {@code META-INF/services/dev.eventstream.config.BusFactory}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface BusFactory extends Discoverable {

    /**
     * What an engine may use.
     *
     * @param environment for metrics, and for anything that must be started and stopped
     * @param database the database that contains the log
     * @param pollInterval {@code eventStream.pollInterval}
     */
    record Setup(Environment environment, LogDatabase database, Duration pollInterval) {}

    /**
     * Builds the bus. Opens no connection.
     *
     * @return empty if the nodes cannot reach one another
     * @throws IllegalArgumentException if a value is not allowed; the message names the key
     */
    Optional<Bus> build(Setup setup);

    /** How often this node reads from the log what other nodes sent, unless {@code eventStream.pollInterval} is set. */
    default Duration defaultPollInterval() {
        return Duration.seconds(10);
    }
}
